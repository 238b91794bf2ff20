package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/raft"
)

// errForm means that bytes are no message of raft.
var errForm = errors.New("these bytes are no message of raft")

// mostAhead bounds the room for entries that is made before any was read: bytes that are no message can promise billions.
const mostAhead = 1024

// reader reads fields. After an error they are zero.
type reader struct{ *Decoder }

// wrong ends the reading.
func (r reader) wrong(format string, values ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", errForm, fmt.Sprintf(format, values...))
	}
}

func (r reader) begin(count int) {
	if kind := r.kind(); kind != fixMap|byte(count) {
		r.wrong("type %#x in place of %d fields", kind, count)
	}
}

func (r reader) name(name string) {
	if b := r.next(1 + len(name)); b != nil && (b[0] != fixRaw|byte(len(name)) || string(b[1:]) != name) {
		r.wrong("%q in place of the field %s", b, name)
	}
}

// kind takes the byte that says of what type a value is.
func (r reader) kind() byte { return byte(r.number(1)) }

// number takes a number of some bytes, the highest first.
func (r reader) number(bytes int) uint64 {
	b := r.next(bytes)
	switch {
	case b == nil:
		return 0
	case bytes == 1:
		return uint64(b[0])
	case bytes == 2:
		return uint64(binary.BigEndian.Uint16(b))
	case bytes == 4:
		return uint64(binary.BigEndian.Uint32(b))
	default:
		return binary.BigEndian.Uint64(b)
	}
}

// length takes a length that is part of the type if it is small.
func (r reader) length(kind, fix byte, small int, of16 byte) int {
	switch {
	case kind >= fix && int(kind-fix) < small:
		return int(kind - fix)
	case kind == of16:
		return int(r.number(2))
	case kind == of16+1:
		return int(r.number(4))
	}
	r.wrong("type %#x in place of a length", kind)
	return 0
}

func (r reader) uint(name string, v *uint64) {
	r.name(name)
	*v = r.unsigned(name)
}

func (r reader) unsigned(name string) uint64 {
	switch kind := r.kind(); {
	case kind <= math.MaxInt8:
		return uint64(kind)
	case kind >= uint8s && kind <= uint64s:
		return r.number(1 << (kind - uint8s))
	default:
		r.wrong("type %#x of the number %s", kind, name)
		return 0
	}
}

func (r reader) int(name string, v *int64) {
	r.name(name)
	*v = r.signed(name)
}

func (r reader) signed(name string) int64 {
	switch kind := r.kind(); {
	case int8(kind) >= -32:
		return int64(int8(kind))
	case kind == int8s:
		return int64(int8(r.number(1)))
	case kind == int16s:
		return int64(int16(r.number(2)))
	case kind == int32s:
		return int64(int32(r.number(4)))
	case kind == int64s:
		return int64(r.number(8))
	default:
		r.wrong("type %#x of the number %s", kind, name)
		return 0
	}
}

func (r reader) bool(name string, v *bool) {
	r.name(name)
	*v = r.truth(name)
}

func (r reader) truth(name string) bool {
	kind := r.kind()
	if kind != yes && kind != no {
		r.wrong("type %#x of the truth of %s", kind, name)
	}
	return kind == yes
}

func (r reader) bytes(name string, v *[]byte) {
	r.name(name)
	*v = r.raw(name)
}

func (r reader) raw(name string) []byte {
	n, there := r.size(name)
	if !there {
		return nil
	}
	b := make([]byte, n)
	r.full(b)
	return b
}

// size takes how many bytes follow; none are there if the field has none, or after an error.
func (r reader) size(name string) (n int, there bool) {
	kind := r.kind()
	if kind == null {
		return 0, false
	}
	n = r.length(kind, fixRaw, 32, raw16)
	if !r.rest(n) {
		r.wrong("%d bytes of %s are not there", n, name)
	}
	return n, r.err == nil
}

// node reads what names a node. One stream has few names, so they are made once: raft changes no byte of them.
func (r reader) node(name string, v *[]byte) {
	r.name(name)
	n, there := r.size(name)
	if !there {
		*v = nil
		return
	}
	b := r.next(n)
	if b == nil {
		return
	}
	for _, known := range r.nodes {
		if known != nil && string(known) == string(b) {
			*v = known
			return
		}
	}
	*v = append(make([]byte, 0, n), b...)
	r.nodes[r.latest] = *v
	r.latest = (r.latest + 1) % len(r.nodes)
}

func (r reader) entries(name string, v *[]*raft.Log) {
	r.name(name)
	*v = r.logs(name)
}

func (r reader) logs(name string) []*raft.Log {
	kind := r.kind()
	if kind == null {
		return nil
	}
	n := r.length(kind, fixArray, 16, array16)
	all := make([]*raft.Log, 0, min(n, mostAhead))
	for range n {
		l := new(raft.Log)
		if entry(r, l); r.err != nil {
			return nil
		}
		all = append(all, l)
	}
	return all
}

func (r reader) time(name string, v *time.Time) {
	r.name(name)
	*v = r.instant(name)
}

func (r reader) instant(name string) (at time.Time) {
	kind := r.kind()
	if kind == null {
		return at
	}
	b := r.next(r.length(kind, fixRaw, 32, raw16))
	if r.err == nil {
		if err := at.UnmarshalBinary(b); err != nil {
			r.wrong("%s: %v", name, err)
		}
	}
	return at
}

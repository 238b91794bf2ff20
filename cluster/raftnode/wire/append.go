package wire

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/hashicorp/raft"
)

// The types of MessagePack that messages are made of.
const (
	fixMap   = 0x80
	fixArray = 0x90
	fixRaw   = 0xa0
	null     = 0xc0
	no       = 0xc2
	yes      = 0xc3
	uint8s   = 0xcc // a number follows, in as many bits, the highest byte first
	uint16s  = 0xcd
	uint32s  = 0xce
	uint64s  = 0xcf
	int8s    = 0xd0
	int16s   = 0xd1
	int32s   = 0xd2
	int64s   = 0xd3
	raw16    = 0xda // a length follows
	raw32    = 0xdb
	array16  = 0xdc
	array32  = 0xdd
)

// Append appends a message of raft to b. The message is a pointer, and none of its entries is nil. No message at all, nil, is what follows
// an error.
func Append(b []byte, message any) []byte {
	if message == nil {
		return append(b, null)
	}
	w := writer{b}
	visit(&w, message)
	return w.b
}

// AppendText appends the text of an error.
func AppendText(b []byte, text string) []byte {
	return append(appendLength(b, len(text), fixRaw, 32, raw16), text...)
}

// writer appends fields.
type writer struct{ b []byte }

func (w *writer) begin(count int) { w.b = append(w.b, fixMap|byte(count)) }

func (w *writer) name(name string) { w.b = append(append(w.b, fixRaw|byte(len(name))), name...) }

func (w *writer) uint(name string, v *uint64) {
	w.name(name)
	w.b = appendUint(w.b, *v)
}

func (w *writer) int(name string, v *int64) {
	w.name(name)
	w.b = appendInt(w.b, *v)
}

func (w *writer) bool(name string, v *bool) {
	w.name(name)
	if *v {
		w.b = append(w.b, yes)
	} else {
		w.b = append(w.b, no)
	}
}

func (w *writer) bytes(name string, v *[]byte) {
	w.name(name)
	if *v == nil {
		w.b = append(w.b, null)
	} else {
		w.b = append(appendLength(w.b, len(*v), fixRaw, 32, raw16), *v...)
	}
}

func (w *writer) node(name string, v *[]byte) { w.bytes(name, v) }

func (w *writer) entries(name string, v *[]*raft.Log) {
	w.name(name)
	if *v == nil {
		w.b = append(w.b, null)
		return
	}
	w.b = appendLength(w.b, len(*v), fixArray, 16, array16)
	for _, l := range *v {
		entry(w, l)
	}
}

// time appends an instant. One that has no binary form, which is one of a time zone that there is not, is not there.
func (w *writer) time(name string, v *time.Time) {
	w.name(name)
	var room [16]byte
	if b, err := v.AppendBinary(room[:0]); err != nil {
		w.b = append(w.b, null)
	} else {
		w.b = append(append(w.b, fixRaw|byte(len(b))), b...)
	}
}

// appendLength appends a length that is part of the type if it is small. The type with 32 bits follows that with 16.
func appendLength(b []byte, n int, fix byte, small int, of16 byte) []byte {
	switch {
	case n < small:
		return append(b, fix|byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, of16), uint16(n))
	default:
		return binary.BigEndian.AppendUint32(append(b, of16+1), uint32(n))
	}
}

func appendUint(b []byte, v uint64) []byte {
	switch {
	case v <= math.MaxInt8:
		return append(b, byte(v))
	case v <= math.MaxUint8:
		return append(b, uint8s, byte(v))
	case v <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, uint16s), uint16(v))
	case v <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, uint32s), uint32(v))
	default:
		return binary.BigEndian.AppendUint64(append(b, uint64s), v)
	}
}

// appendInt appends a number that may be negative. Positive ones are signed too, so that those from 128 to 255 take 16 bits.
func appendInt(b []byte, v int64) []byte {
	switch {
	case v >= -32 && v <= math.MaxInt8:
		return append(b, byte(v))
	case v >= math.MinInt8 && v < 0:
		return append(b, int8s, byte(v))
	case v >= math.MinInt16 && v <= math.MaxInt16:
		return binary.BigEndian.AppendUint16(append(b, int16s), uint16(v))
	case v >= math.MinInt32 && v <= math.MaxInt32:
		return binary.BigEndian.AppendUint32(append(b, int32s), uint32(v))
	default:
		return binary.BigEndian.AppendUint64(append(b, int64s), uint64(v))
	}
}

package raftkv

import (
	"encoding/binary"
	"errors"

	"faultline/cluster/objects"
)

// op is what a command does.
type op uint8

const (
	opNoop op = iota // a new leader's first command: what came before it is committed
	opGet
	opPut
	opCAS
	opDelete
	opIndex // of a node to its leader, and never in the log: what have you committed?
	opCall  // an operation on an object, or a transaction: see package objects
	opQuery // one that changes nothing
)

// command is one entry of the replicated log. Client and Serial name the client's operation, so that a
// command that a client sent twice is applied once; a client has one operation at a time and counts up.
type command struct {
	Op             op
	Client, Serial uint64
	Key            string
	Old, New       string // cas compares with Old; put and cas write New, which is the argument of a call or a query
	Name           string // of a call or a query, such as "set.add"
}

// asks reports whether the command changes nothing, so that the read level says how it is served.
func (c *command) asks() bool { return c.Op == opGet || c.Op == opQuery }

// named reports whether the command is on an object.
func (c *command) named() bool { return c.Op == opCall || c.Op == opQuery }

// call is the command as a call that comes at an index of the log.
func (c *command) call(index uint64) objects.Call {
	return objects.Call{Name: c.Name, Key: c.Key, Argument: c.New, Client: c.Client, Index: index}
}

func (c *command) encode() []byte {
	return c.append(make([]byte, 0, 32+len(c.Key)+len(c.Old)+len(c.New)))
}

func (c *command) append(b []byte) []byte {
	b = append(b, byte(c.Op))
	b = binary.AppendUvarint(b, c.Client)
	b = binary.AppendUvarint(b, c.Serial)
	b = appendString(b, c.Key)
	b = appendString(b, c.Old)
	b = appendString(b, c.New)
	if c.named() {
		b = appendString(b, c.Name)
	}
	return b
}

func decodeCommand(b []byte) (command, error) {
	d := decoder{b: b}
	c := d.command()
	return c, d.end()
}

func (d *decoder) command() command {
	c := command{Op: op(d.byte()), Client: d.uvarint(), Serial: d.uvarint()}
	d.text = string(d.b) // one allocation for all of them
	c.Key, c.Old, c.New = d.string(), d.string(), d.string()
	if c.named() {
		c.Name = d.string()
	}
	return c
}

// result is what a command did, or what a read found.
type result struct {
	Matched bool   // of a cas: it compared equal; of a call: the object allowed it; true for everything else
	Present bool   // the key has, or for a cas that did not match had, a value; a call or a query has an answer
	Value   string // that value
	Index   uint64 // the log index at which it took effect
}

func (r *result) encode(b []byte) []byte {
	flags := byte(0)
	if r.Matched {
		flags |= 1
	}
	if r.Present {
		flags |= 2
	}
	b = append(b, flags)
	b = appendString(b, r.Value)
	return binary.AppendUvarint(b, r.Index)
}

func (d *decoder) result() result {
	flags := d.byte()
	return result{Matched: flags&1 != 0, Present: flags&2 != 0, Value: d.string(), Index: d.uvarint()}
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errShort = errors.New("raftkv: message is damaged")

// decoder reads fields in the order in which they were appended. After an error everything reads as
// zero, so that only end need be checked.
type decoder struct {
	b    []byte
	text string // ends with b, if it is set: what strings are parts of
	err  error
}

func (d *decoder) fail() { d.b, d.err = nil, errShort }

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.fail()
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) uvarint() uint64 {
	n, k := binary.Uvarint(d.b)
	if k <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[k:]
	return n
}

func (d *decoder) string() string {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.fail()
		return ""
	}
	b, at := d.b[:n], len(d.text)-len(d.b)
	d.b = d.b[n:]
	if d.text == "" {
		return string(b)
	}
	return d.text[at : at+len(b)]
}

func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		return errShort
	}
	return d.err
}

package sessionlog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// dbcop reads a history of DBCop's. All numbers are 8 bytes, the least significant one first; what there may be any number of is preceded by
// how many there are:
//
//	id, nodes, variables, transactions, events; info, start and end as text
//	sessions: transactions: events, and a byte that is 1 if the transaction took effect
//	event: a byte that is 1 for a write, variable, value, and a byte that is 1 if it took effect
type dbcop struct {
	in     *bufio.Reader
	begun  bool
	left   [2]int64 // sessions, and transactions of the session
	number int      // of the transaction
	at     int      // session
	offset int64
}

func newDBCop(in *bufio.Reader) *dbcop { return &dbcop{in: in, at: -1} }

func (d *dbcop) transaction(out *bytes.Buffer) error {
	if !d.begun {
		d.begun = true
		if err := d.head(); err != nil {
			return unexpected(err, "its head")
		}
	}
	for d.left[1] == 0 {
		if d.left[0] == 0 {
			return d.end()
		}
		d.left[0]--
		d.at++
		var err error
		if d.left[1], err = d.count(); err != nil {
			return unexpected(err, fmt.Sprintf("session %d", d.at))
		}
	}
	d.left[1]--
	err := d.events(out)
	return unexpected(err, fmt.Sprintf("session %d", d.at))
}

func (d *dbcop) head() error {
	for range 5 {
		if _, err := d.numeral(); err != nil {
			return err
		}
	}
	for range 3 {
		n, err := d.count()
		if err != nil {
			return err
		}
		if _, err := d.in.Discard(int(n)); err != nil {
			return err
		}
		d.offset += n
	}
	var err error
	d.left[0], err = d.count()
	return err
}

func (d *dbcop) end() error {
	if _, err := d.in.ReadByte(); err != io.EOF {
		return fmt.Errorf("byte %d: something follows the end of the history", d.offset)
	}
	return io.EOF
}

type dbcopEvent struct {
	write, done bool
	key, value  int64
}

// events writes the lines of a transaction. What did not take effect did not happen.
func (d *dbcop) events(out *bytes.Buffer) error {
	n, err := d.count()
	if err != nil {
		return err
	}
	var all []dbcopEvent
	for range n {
		e, err := d.event()
		if err != nil {
			return err
		}
		all = append(all, e)
	}
	committed, err := d.flag()
	if err != nil {
		return err
	}
	number := d.number
	d.number++
	for _, e := range all {
		switch {
		case e.write && (!committed || !e.done):
			writeOperation(out, 'w', e.key, e.value, d.at, aborted)
		case e.write:
			writeOperation(out, 'w', e.key, e.value, d.at, number)
		case committed && e.done:
			writeOperation(out, 'r', e.key, e.value, d.at, number)
		}
	}
	return nil
}

func (d *dbcop) event() (e dbcopEvent, err error) {
	if e.write, err = d.flag(); err != nil {
		return e, err
	}
	if e.key, err = d.numeral(); err != nil {
		return e, err
	}
	if e.value, err = d.numeral(); err != nil {
		return e, err
	}
	e.done, err = d.flag()
	return e, err
}

func (d *dbcop) numeral() (int64, error) {
	var b [8]byte
	_, err := io.ReadFull(d.in, b[:])
	d.offset += int64(len(b))
	return int64(binary.LittleEndian.Uint64(b[:])), err
}

// count is how many there are of something.
func (d *dbcop) count() (int64, error) {
	n, err := d.numeral()
	if err == nil && (n < 0 || n > 1<<40) {
		return 0, fmt.Errorf("byte %d: %d is no number of things", d.offset, n)
	}
	return n, err
}

func (d *dbcop) flag() (bool, error) {
	b, err := d.in.ReadByte()
	d.offset++
	if err == nil && b > 1 {
		return false, fmt.Errorf("byte %d: %d where 0 or 1 should be", d.offset, b)
	}
	return b == 1, err
}

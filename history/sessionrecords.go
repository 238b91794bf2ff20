package history

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// sessionRecords reads histories of transactions without invocations and times, in which all that is known of the order is who did what
// in which session. There are two notations. Plume, PolySI and IsoVista write an operation a line, with its key, value, session and transaction:
//
//	w(3,17,0,1)
//	r(4,0,0,1)
//
// Transaction -1 stands for any that aborted. AWDIT's tests write the sessions one after the other:
//
//	w 3 17
//	r 4 0
//	-----
//	w 3 18
//	=====
//	r 3 18
//
// A read of 0 is one of the initial value, unless 0 was written to the key. A history is read into memory, since it may be written after it is read.
type sessionRecords struct {
	lines *lineReader
	all   []*sessionTransaction
	read  bool
	room  valueRoom

	current *sessionTransaction // whose steps these are
	steps   []Step
	space   []Step         // room for those of the transactions to come
	zero    map[int64]bool // keys that 0 was written to
}

// sessionTransaction is what a transaction did, in order.
type sessionTransaction struct {
	at      position
	size    int
	session int64
	aborted bool
	steps   []Step
}

func newSessionRecords(r io.Reader) *sessionRecords {
	return &sessionRecords{lines: newLineReader(r), room: valueRoom{reserve: true}, zero: map[int64]bool{}}
}

// next returns the next transaction.
func (s *sessionRecords) next(r *record) error {
	if !s.read {
		if err := s.readAll(); err != nil {
			return err
		}
		s.read = true
	}
	if len(s.all) == 0 {
		return io.EOF
	}
	t := s.all[0]
	s.all = s.all[1:]
	*r = record{at: t.at, size: t.size, fields: hasType | hasF | hasValue | hasProcess}
	r.Type, r.F, r.Value = OK, "txn", s.value(t)
	if t.aborted {
		r.Type = Fail
	}
	r.processName = strconv.FormatInt(t.session, 10)
	return nil
}

// value is what a transaction did.
func (s *sessionRecords) value(t *sessionTransaction) Value {
	for i := range t.steps {
		step := &t.steps[i]
		step.Nil = !step.Write && step.Value == 0 && !s.zero[step.Key]
	}
	shape := s.room.shape()
	shape.kind, shape.steps = List, &t.steps
	return Value{shape: shape}
}

// readAll reads the file in the notation that its first line has.
func (s *sessionRecords) readAll() error {
	add := s.inParentheses()
	for first := true; ; {
		line, err := s.lines.next()
		if err == io.EOF {
			s.keep()
			return nil
		}
		if err != nil {
			return err
		}
		text := bytes.TrimSpace(line)
		if len(text) == 0 {
			continue
		}
		if first && !isSessionCall(text) {
			add = s.inTurn()
		}
		first = false
		if err := add(text); err != nil {
			return position{s.lines.line, 1}.errorf("%v", err)
		}
	}
}

// inParentheses adds lines such as w(3,17,0,1). Those of a transaction mostly follow each other.
func (s *sessionRecords) inParentheses() func(line []byte) error {
	number := map[int64]*sessionTransaction{}
	last := int64(-1)
	return func(line []byte) error {
		numbers, ok := sessionCall(line)
		if !ok {
			return fmt.Errorf("%q is no operation such as w(3,17,0,1): r or w, a key, a value, a session and a transaction", clip(line))
		}
		session, id := numbers[2], numbers[3]
		t := s.current
		if id != last || id == -1 {
			t = number[id]
		}
		switch {
		case t == nil || id == -1:
			t = s.begin(session)
			t.aborted = id == -1
			number[id] = t
		case t.session != session:
			return fmt.Errorf("transaction %d is in session %d here, and in session %d on line %d", id, session, t.session, t.at.line)
		}
		last = id
		s.add(t, Step{Key: numbers[0], Value: numbers[1], Write: line[0] == 'w'}, len(line))
		return nil
	}
}

// inTurn adds lines such as w 3 17, and those between transactions and sessions.
func (s *sessionRecords) inTurn() func(line []byte) error {
	session := int64(0)
	var t *sessionTransaction
	return func(line []byte) error {
		switch {
		case isRule(line, '='):
			session++
			t = nil
			return nil
		case isRule(line, '-'):
			t = nil
			return nil
		}
		key, value, ok := sessionWords(line)
		if !ok {
			return fmt.Errorf("%q is no operation such as w 3 17, and no line of - or = between transactions or sessions", clip(line))
		}
		if t == nil {
			t = s.begin(session)
		}
		s.add(t, Step{Key: key, Value: value, Write: line[0] == 'w'}, len(line))
		return nil
	}
}

func (s *sessionRecords) begin(session int64) *sessionTransaction {
	t := &sessionTransaction{at: position{s.lines.line, 1}, session: session}
	s.all = append(s.all, t)
	return t
}

func (s *sessionRecords) add(t *sessionTransaction, step Step, size int) {
	if t != s.current {
		s.keep()
		s.current = t
	}
	s.steps = append(s.steps, step)
	t.size += size
	if step.Write && step.Value == 0 {
		s.zero[step.Key] = true
	}
}

// keep gives the current transaction the steps that were read of it.
func (s *sessionRecords) keep() {
	t := s.current
	if t == nil {
		return
	}
	const transactions = 1 << 7 // for which room is made at a time
	if n := len(s.steps); len(t.steps) == 0 && n > len(s.space) {
		s.space = make([]Step, transactions*n)
	}
	if n := len(s.steps); len(t.steps) == 0 {
		t.steps, s.space = s.space[:0:n], s.space[n:]
	}
	t.steps = append(t.steps, s.steps...)
	s.steps = s.steps[:0]
}

// isSession tells whether a line begins a history by sessions.
func isSession(line []byte) bool {
	line = bytes.TrimSpace(line)
	_, _, ok := sessionWords(line)
	return ok || isSessionCall(line)
}

func isSessionCall(line []byte) bool {
	_, ok := sessionCall(line)
	return ok
}

// sessionCall are the numbers of w(3,17,0,1).
func sessionCall(line []byte) (numbers [4]int64, ok bool) {
	if len(line) < 3 || line[0] != 'r' && line[0] != 'w' || line[1] != '(' || line[len(line)-1] != ')' {
		return numbers, false
	}
	rest := line[2:]
	for i := range numbers {
		end := 0
		var n int64
		for end < len(rest) && rest[end]-'0' <= 9 {
			n = n*10 + int64(rest[end]-'0')
			end++
		}
		last := i == len(numbers)-1
		if end == 0 || end > 18 || rest[end] != ',' && end < len(rest)-1 { // it is not written as nearly all are
			if end = bytes.IndexByte(rest, ','); end < 0 {
				end = len(rest) - 1
			}
			if n, ok = sessionNumber(rest[:end]); !ok {
				return numbers, false
			}
		}
		if last != (end == len(rest)-1) {
			return numbers, false
		}
		numbers[i], rest = n, rest[end+1:]
	}
	return numbers, true
}

// sessionNumber reads an integer.
func sessionNumber(word []byte) (n int64, ok bool) {
	if len(word) > 0 {
		if n, ok := smallInt(word); ok {
			return n, true
		}
	}
	n, err := strconv.ParseInt(string(word), 10, 64)
	return n, err == nil
}

// sessionWords are the numbers of w 3 17.
func sessionWords(line []byte) (key, value int64, ok bool) {
	words := bytes.Fields(line)
	if len(words) != 3 || len(words[0]) != 1 || words[0][0] != 'r' && words[0][0] != 'w' {
		return 0, 0, false
	}
	key, okKey := sessionNumber(words[1])
	value, okValue := sessionNumber(words[2])
	return key, value, okKey && okValue
}

// isRule tells whether a line is one or more of a character.
func isRule(line []byte, c byte) bool {
	return len(bytes.Trim(line, string(c))) == 0
}

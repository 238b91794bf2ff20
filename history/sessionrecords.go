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
	lines   *lineReader
	all     []*sessionTransaction
	read    bool
	written map[[2]int64]bool // which values were written to which keys
}

// sessionTransaction is what a transaction did, in order.
type sessionTransaction struct {
	at      position
	size    int
	session int64
	aborted bool
	steps   []sessionStep
}

type sessionStep struct {
	write      bool
	key, value int64
}

func newSessionRecords(r io.Reader) *sessionRecords {
	return &sessionRecords{lines: newLineReader(r), written: map[[2]int64]bool{}}
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

// readAll reads the file in the notation that its first line has.
func (s *sessionRecords) readAll() error {
	add := s.inParentheses()
	for first := true; ; {
		line, err := s.lines.next()
		if err == io.EOF {
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

// inParentheses adds lines such as w(3,17,0,1).
func (s *sessionRecords) inParentheses() func(line []byte) error {
	number := map[int64]*sessionTransaction{}
	return func(line []byte) error {
		numbers, ok := sessionCall(line)
		if !ok {
			return fmt.Errorf("%q is no operation such as w(3,17,0,1): r or w, a key, a value, a session and a transaction", clip(line))
		}
		session, id := numbers[2], numbers[3]
		t := number[id]
		switch {
		case t == nil || id == -1:
			t = s.begin(session)
			t.aborted = id == -1
			number[id] = t
		case t.session != session:
			return fmt.Errorf("transaction %d is in session %d here, and in session %d on line %d", id, session, t.session, t.at.line)
		}
		s.add(t, sessionStep{line[0] == 'w', numbers[0], numbers[1]}, len(line))
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
		s.add(t, sessionStep{line[0] == 'w', key, value}, len(line))
		return nil
	}
}

func (s *sessionRecords) begin(session int64) *sessionTransaction {
	t := &sessionTransaction{at: position{s.lines.line, 1}, session: session}
	s.all = append(s.all, t)
	return t
}

func (s *sessionRecords) add(t *sessionTransaction, step sessionStep, size int) {
	t.steps = append(t.steps, step)
	t.size += size
	if step.write {
		s.written[[2]int64{step.key, step.value}] = true
	}
}

// The first element of a step.
var readStep, writeStep = TextValue("r"), TextValue("w")

// value is a transaction as Jepsen has it: [["w" 3 17] ["r" 4 nil]].
func (s *sessionRecords) value(t *sessionTransaction) Value {
	steps := make([]Value, len(t.steps))
	for i, step := range t.steps {
		f, value := readStep, IntValue(step.value)
		switch {
		case step.write:
			f = writeStep
		case step.value == 0 && !s.written[[2]int64{step.key, 0}]:
			value = NilValue()
		}
		steps[i] = ListValue(f, IntValue(step.key), value)
	}
	return ListValue(steps...)
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
	rest := line[2 : len(line)-1]
	for i := range numbers {
		word, after, found := bytes.Cut(rest, []byte{','})
		if found != (i < len(numbers)-1) {
			return numbers, false
		}
		n, err := strconv.ParseInt(string(word), 10, 64)
		if err != nil {
			return numbers, false
		}
		numbers[i], rest = n, after
	}
	return numbers, true
}

// sessionWords are the numbers of w 3 17.
func sessionWords(line []byte) (key, value int64, ok bool) {
	words := bytes.Fields(line)
	if len(words) != 3 || len(words[0]) != 1 || words[0][0] != 'r' && words[0][0] != 'w' {
		return 0, 0, false
	}
	key, err := strconv.ParseInt(string(words[1]), 10, 64)
	if err != nil {
		return 0, 0, false
	}
	value, err = strconv.ParseInt(string(words[2]), 10, 64)
	return key, value, err == nil
}

// isRule tells whether a line is one or more of a character.
func isRule(line []byte, c byte) bool {
	return len(bytes.Trim(line, string(c))) == 0
}

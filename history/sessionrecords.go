package history

import (
	"io"
	"slices"
)

// sessionRecords reads histories of transactions without invocations and times, in which all that is known of the order is which session did what
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
// Each session invoked its first transaction at the start, and every other one when it had completed the one before, as in any history without
// invocations (see invoked).
type sessionRecords struct {
	lines *lineReader
	room  valueRoom
	read  bool

	all      []sessionTransaction
	sessions []session
	zero     map[int64]bool // keys that 0 was written to

	current int32  // the transaction whose steps these are
	steps   []Step // of it, those that it was not given yet

	// What was handed over: the first transactions of so many sessions are invoked, so many transactions are completed, and this one is to be
	// invoked next.
	begun, completed int
	upcoming         int32
}

// session is a session, with the first and the last of its transactions.
type session struct {
	name        int64 // its number in the file, if it has one there
	first, last int32
}

// sessionTransaction is what a transaction did.
type sessionTransaction struct {
	line, size int
	value      Value
	session    int32 // its number, in order of appearance
	next       int32 // the next one of its session; nobody if there is none
	aborted    bool
	zero       bool // it has read 0
}

// nobody stands for no transaction.
const nobody = -1

func newSessionRecords(r io.Reader) *sessionRecords {
	return &sessionRecords{lines: newLineReader(r), room: valueRoom{reserve: true}, zero: map[int64]bool{}, current: nobody, upcoming: nobody}
}

// next returns the next invocation or completion.
func (s *sessionRecords) next(r *record) error {
	if !s.read {
		if err := s.readAll(); err != nil {
			return err
		}
		s.read = true
	}
	switch {
	case s.begun < len(s.sessions):
		s.hand(r, s.sessions[s.begun].first, Invoke)
		s.begun++
	case s.upcoming != nobody:
		s.hand(r, s.upcoming, Invoke)
		s.upcoming = nobody
	case s.completed < len(s.all):
		t := &s.all[s.completed]
		outcome := OK
		if t.aborted {
			outcome = Fail
		}
		s.hand(r, int32(s.completed), outcome)
		s.upcoming, t.value = t.next, Value{} // which is kept no longer than it is needed
		s.completed++
	default:
		s.all = nil
		return io.EOF
	}
	return nil
}

// hand makes a record of a transaction.
func (s *sessionRecords) hand(r *record, n int32, t Type) {
	of := &s.all[n]
	if t == Invoke && of.zero {
		s.settle(of.value.Steps())
	}
	*r = record{at: position{of.line, 1}, size: of.size, fields: hasType | hasF | hasValue | hasProcess}
	r.Type, r.F, r.Value, r.Process = t, "txn", of.value, int(of.session)
}

// settle says which reads of 0 saw the initial value.
func (s *sessionRecords) settle(steps []Step) {
	for i := range steps {
		step := &steps[i]
		step.Nil = !step.Write && step.Value == 0 && !s.zero[step.Key]
	}
}

// begin begins a transaction on the line that was read last. Its session is one that is known, or the next one.
func (s *sessionRecords) begin(number int32) (n int32) {
	n = int32(len(s.all))
	if len(s.all) == cap(s.all) {
		s.all = slices.Grow(s.all, max(len(s.all), 1)) // there may be millions
	}
	s.all = append(s.all, sessionTransaction{line: s.lines.line, session: number, next: nobody})
	if int(number) == len(s.sessions) {
		s.sessions = append(s.sessions, session{first: n})
	} else {
		s.all[s.sessions[number].last].next = n
	}
	s.sessions[number].last = n
	return n
}

// step adds a step to a transaction.
func (s *sessionRecords) step(n int32, step Step, size int) {
	if n != s.current {
		s.keep()
		s.current = n
	}
	s.steps = append(s.steps, step)
	t := &s.all[n]
	t.size += size
	if step.Value == 0 {
		t.zero = t.zero || !step.Write
		if step.Write {
			s.zero[step.Key] = true
		}
	}
}

// keep gives the current transaction the steps that were read of it. Mostly these are all that it has.
func (s *sessionRecords) keep() {
	if len(s.steps) == 0 {
		return
	}
	t := &s.all[s.current]
	if t.value.shape == nil {
		t.value = s.room.transaction(s.steps)
	} else {
		*t.value.shape.steps = append(*t.value.shape.steps, s.steps...)
	}
	s.steps = s.steps[:0]
}

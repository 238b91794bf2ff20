package linear

import (
	"math/rand/v2"
	"time"

	"faultline/history"
)

// simulation draws the history of a few processes on registers that work, with answers lost and
// time-outs, and then may spoil some answers.
type simulation struct {
	rng       *rand.Rand
	keys      []string
	processes int
	length    int           // how many operations to invoke
	values    int           // written values are 1 to values, 0 stands for null
	unique    bool          // no value is written twice; values does not matter then
	blind     bool          // a failed cas may not tell what it found
	indexed   bool          // answers tell their index
	spoil     int           // how many answers to replace by random ones, at most
	first     history.Value // what registers hold at first; null if it is None

	held    map[string]history.Value
	index   uint64 // counts what was applied
	written int
	events  []history.Event
	next    int // process number
}

// call is an operation under way.
type call struct {
	process int
	f, key  string
	input   history.Value
	applied bool
	index   uint64 // at which it was applied, or the last one before a read
	output  history.Value
	failed  bool
}

func (s *simulation) run() []history.Event {
	s.held = map[string]history.Value{}
	for _, key := range s.keys {
		if s.held[key] = s.first; s.first.Kind() == history.None {
			s.held[key] = history.NilValue()
		}
	}
	open := make([]*call, s.processes)
	for invoked := 0; ; {
		at := s.rng.IntN(len(open))
		c := open[at]
		switch {
		case c == nil && invoked == s.length:
			if !anyOpen(open) {
				s.spoilAnswers()
				return s.events
			}
		case c == nil:
			open[at] = s.invoke()
			invoked++
		case !c.applied && s.rng.IntN(2) == 0:
			s.apply(c)
		case c.applied && s.rng.IntN(8) > 0:
			s.answer(c)
			open[at] = nil
		case s.rng.IntN(4) == 0: // nobody knows; it may never be applied, or was already
			s.record(c, history.Info, history.Value{}, "timeout")
			open[at] = nil
			if !c.applied && s.rng.IntN(2) == 0 {
				s.apply(c)
			}
		}
	}
}

func anyOpen(open []*call) bool {
	for _, c := range open {
		if c != nil {
			return true
		}
	}
	return false
}

func (s *simulation) invoke() *call {
	c := &call{process: s.next, f: []string{"read", "write", "cas"}[s.rng.IntN(3)], key: s.keys[s.rng.IntN(len(s.keys))]}
	s.next++ // one operation a process: what process it is does not matter to the checker
	switch c.f {
	case "write":
		c.input = s.fresh()
	case "cas":
		c.input = history.ListValue(s.any(), s.fresh())
	}
	s.record(c, history.Invoke, c.input, "")
	return c
}

func (s *simulation) fresh() history.Value {
	if s.unique {
		s.written++
		return history.IntValue(int64(s.written))
	}
	return s.any()
}

func (s *simulation) any() history.Value {
	most := s.values
	if s.unique {
		most = s.written
	}
	if n := s.rng.IntN(most + 1); n > 0 {
		return history.IntValue(int64(n))
	}
	return history.NilValue()
}

func (s *simulation) apply(c *call) {
	c.applied = true
	if c.f != "read" {
		s.index++
	}
	c.index = s.index
	held := s.held[c.key]
	switch c.f {
	case "read":
		c.output = held
	case "write":
		s.held[c.key], c.output = c.input, c.input
	case "cas":
		pair, _ := c.input.List()
		if held.Equal(pair[0]) {
			s.held[c.key], c.output = pair[1], c.input
			return
		}
		c.failed = true
		if !s.blind || s.rng.IntN(2) == 0 {
			c.output = held
		}
	}
}

func (s *simulation) answer(c *call) {
	if c.failed {
		s.record(c, history.Fail, c.output, history.PreconditionFailed)
	} else {
		s.record(c, history.OK, c.output, "")
	}
}

// record appends an event. Time stands still now and then.
func (s *simulation) record(c *call, t history.Type, v history.Value, err string) {
	now := time.Duration(0)
	if len(s.events) > 0 {
		now = s.events[len(s.events)-1].Time
	}
	s.events = append(s.events, history.Event{Time: now + time.Duration(s.rng.IntN(2)), Process: c.process, Type: t, F: c.f, Key: c.key, Value: v, Error: err})
	if s.indexed && (t == history.OK || err == history.PreconditionFailed) {
		s.events[len(s.events)-1].LogIndex = c.index
	}
}

// spoilAnswers replaces answers by ones that the register may not have given.
func (s *simulation) spoilAnswers() {
	for range s.spoil {
		e := &s.events[s.rng.IntN(len(s.events))]
		switch {
		case e.LogIndex > 0 && s.rng.IntN(2) == 0:
			e.LogIndex = 1 + s.rng.Uint64N(s.index+1)
		case e.Type == history.OK && e.F == "read":
			e.Value = s.any()
		case e.Type == history.OK && e.F == "cas":
			e.Type, e.Error, e.Value = history.Fail, history.PreconditionFailed, s.any()
		case e.Type == history.OK && e.F == "write":
			e.Type, e.Error = history.Fail, "refused"
		case e.Type == history.Fail && s.rng.IntN(2) == 0:
			e.Type, e.Error, e.Value = history.OK, "", history.Value{} // what it found is not what it was invoked with
		case e.Type == history.Fail && e.F == "cas" && e.Value.Kind() != history.None:
			e.Value = s.any()
		}
	}
}

// draw makes the operations of a small history from a seed, of every kind that there is.
func draw(seed uint64) []history.Operation {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := simulation{
		rng: rng, keys: []string{"x"}, processes: 1 + rng.IntN(4), length: 2 + rng.IntN(6), values: 1 + rng.IntN(3),
		unique: rng.IntN(3) == 0, blind: rng.IntN(2) == 0, indexed: rng.IntN(2) == 0, spoil: rng.IntN(5),
	}
	events := s.run()
	if rng.IntN(4) == 0 {
		events = events[:len(events)-rng.IntN(len(events)/2)] // the test ended here, with calls under way
	}
	ops, err := history.Operations(events)
	if err != nil {
		panic(err) // the simulation keeps the rules
	}
	return ops
}

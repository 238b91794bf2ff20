package exact

import (
	"fmt"
	"math/rand/v2"

	"faultline/checker/txn/internal/wr"
)

// store runs transactions one point at a time, as the definition of a level has it.
type store struct {
	h       *wr.History
	level   Level
	options Options
	current []int32 // the writer of each key's version that is committed
	began   []bool
	ended   []bool
	changed [][]bool // of each transaction that is running: the keys that were committed since its snapshot
}

func newStore(h *wr.History, level Level, o Options) *store {
	s := &store{h: h, level: level, options: o, began: make([]bool, h.Len()), ended: make([]bool, h.Len()), changed: make([][]bool, h.Len())}
	for range h.Keys {
		s.current = append(s.current, wr.Initial)
	}
	return s
}

// begin takes a snapshot, and tells whether the transaction could have read from it what it read.
func (s *store) begin(t int32) bool {
	if s.began[t] {
		return false
	}
	for u := range int32(s.h.Len()) {
		earlier := s.options.Sessions && u < t && s.h.Session[u] == s.h.Session[t]
		earlier = earlier || s.options.RealTime && s.h.End[u] < s.h.Begin[t]
		if earlier && !s.ended[u] {
			return false
		}
	}
	for _, e := range s.h.Of(t) {
		if !e.IsWrite() && e.From != s.current[e.Key] {
			return false
		}
	}
	s.began[t] = true
	s.changed[t] = make([]bool, s.h.Keys)
	return true
}

// commit tells whether the transaction could commit: the first committer wins.
func (s *store) commit(t int32) bool {
	if !s.began[t] || s.ended[t] {
		return false
	}
	for _, e := range s.h.Of(t) {
		if e.IsWrite() && s.changed[t][e.Key] {
			return false
		}
	}
	s.ended[t] = true
	for _, e := range s.h.Of(t) {
		if e.IsWrite() {
			s.current[e.Key] = t
			for u := range s.changed {
				if s.began[u] && !s.ended[u] {
					s.changed[u][e.Key] = true
				}
			}
		}
	}
	return true
}

func (s *store) copy() *store {
	c := newStore(s.h, s.level, s.options)
	copy(c.current, s.current)
	copy(c.began, s.began)
	copy(c.ended, s.ended)
	for t, changed := range s.changed {
		c.changed[t] = append([]bool(nil), changed...)
	}
	return c
}

// possible tries every order.
func (s *store) possible() bool {
	done := true
	for t := range int32(s.h.Len()) {
		if s.ended[t] {
			continue
		}
		done = false
		next := s.copy()
		ok := false
		switch {
		case s.level == Serializable:
			ok = next.begin(t) && next.commit(t)
		case s.began[t]:
			ok = next.commit(t)
		default:
			ok = next.begin(t)
		}
		if ok && next.possible() {
			return true
		}
	}
	return done
}

// verifyOrder runs the transactions in an order.
func verifyOrder(h *wr.History, level Level, o Options, order []Point) error {
	s := newStore(h, level, o)
	for i, p := range order {
		ok := true
		if p.Begin || level == Serializable {
			ok = s.begin(p.Transaction)
		}
		if ok && !p.Begin {
			ok = s.commit(p.Transaction)
		}
		if !ok {
			return fmt.Errorf("point %d of %v is not possible", i, order)
		}
	}
	for t, ended := range s.ended {
		if !ended {
			return fmt.Errorf("%d is not in %v", t, order)
		}
	}
	return nil
}

// verifyProof holds a proof to the history: before are the orders of writers that its cases have assumed.
func verifyProof(h *wr.History, level Level, o Options, c *Case, before map[[2]int32]bool) error {
	if c.Cycle == nil {
		if c.Either == nil || c.Or == nil {
			return fmt.Errorf("a case is missing")
		}
		for _, side := range []struct {
			first, second int32
			then          *Case
		}{{c.First, c.Second, c.Either}, {c.Second, c.First, c.Or}} {
			pair := [2]int32{side.first, side.second}
			before[pair] = true
			if err := verifyProof(h, level, o, side.then, before); err != nil {
				return err
			}
			delete(before, pair)
		}
		return nil
	}
	for i, e := range c.Cycle {
		next := c.Cycle[(i+1)%len(c.Cycle)]
		if e.To != next.From {
			return fmt.Errorf("%v is no circle", c.Cycle)
		}
		if level == SnapshotIsolation && e.Why == ReadWrite && next.Why == ReadWrite {
			return fmt.Errorf("%v has two anti-dependencies in a row, which snapshot isolation permits", c.Cycle)
		}
		if !holds(h, o, e, before) {
			return fmt.Errorf("%+v of %v is not so", e, c.Cycle)
		}
	}
	return nil
}

func holds(h *wr.History, o Options, e Edge, before map[[2]int32]bool) bool {
	switch e.Why {
	case WriteRead:
		return has(h, e.To, wr.Event{Key: e.Key, From: e.From})
	case WriteWrite:
		return has(h, e.From, wr.Event{Key: e.Key, From: wr.Write}) && has(h, e.To, wr.Event{Key: e.Key, From: wr.Write}) && before[[2]int32{e.From, e.To}]
	case ReadWrite:
		if !has(h, e.To, wr.Event{Key: e.Key, From: wr.Write}) {
			return false
		}
		for _, x := range h.Of(e.From) {
			if x.Key == e.Key && (x.From == wr.Initial || x.From >= 0 && before[[2]int32{x.From, e.To}]) {
				return true
			}
		}
		return false
	case InSession:
		return o.Sessions && h.Session[e.From] == h.Session[e.To] && e.From < e.To
	case BeforeInvoking:
		return o.RealTime && h.End[e.From] < h.Begin[e.To]
	}
	return false
}

func has(h *wr.History, t int32, event wr.Event) bool {
	for _, e := range h.Of(t) {
		if e == event {
			return true
		}
	}
	return false
}

// random draws a history of whatever kind.
func random(r *rand.Rand, transactions, sessions, keys, events int) *wr.History {
	h := &wr.History{First: []int32{0}, Keys: keys}
	writers := make([][]int32, keys)
	var drafts [][]wr.Event
	for t := range transactions {
		var draft []wr.Event
		wrote := map[int32]bool{}
		for range 1 + r.IntN(events) {
			e := wr.Event{Key: int32(r.IntN(keys)), From: wr.Initial}
			if wrote[e.Key] {
				continue
			}
			if r.IntN(2) == 0 {
				e.From = wr.Write
				wrote[e.Key] = true
				writers[e.Key] = append(writers[e.Key], int32(t))
			}
			draft = append(draft, e)
		}
		drafts = append(drafts, draft)
	}
	for t, draft := range drafts {
		h.Session = append(h.Session, int32(r.IntN(sessions)))
		begin := int64(10*t - r.IntN(30))
		h.Begin, h.End = append(h.Begin, begin), append(h.End, begin+int64(r.IntN(40)))
		if r.IntN(10) == 0 {
			h.End[t] = wr.Never
		}
		for _, e := range draft {
			if w := writers[e.Key]; !e.IsWrite() && len(w) > 0 && r.IntN(5) > 0 {
				if from := w[r.IntN(len(w))]; from != int32(t) {
					e.From = from
				}
			}
			h.Events = append(h.Events, e)
		}
		h.First = append(h.First, int32(len(h.Events)))
	}
	return h
}

// stored draws a history of a store with snapshots that validates what it commits, or at times forgets to. Up to open transactions run at once.
func stored(r *rand.Rand, level Level, transactions, open, keys, events, mistakes int) *wr.History {
	type running struct {
		session  int32
		begin    int64
		snapshot []int32
		events   []wr.Event
	}
	current := make([]int32, keys)
	for k := range current {
		current[k] = wr.Initial
	}
	h := &wr.History{First: []int32{0}, Keys: keys}
	clients := make([]*running, open)
	for clock := int64(0); h.Len() < transactions; clock++ {
		c := r.IntN(open)
		if clients[c] == nil {
			draft := &running{session: int32(c), begin: clock, snapshot: append([]int32(nil), current...)}
			wrote := map[int32]bool{}
			for range 1 + r.IntN(events) {
				e := wr.Event{Key: int32(r.IntN(keys)), From: wr.Write}
				if wrote[e.Key] {
					continue
				}
				if wrote[e.Key] = r.IntN(2) == 0; !wrote[e.Key] {
					e.From = draft.snapshot[e.Key]
				}
				draft.events = append(draft.events, e)
			}
			clients[c] = draft
			continue
		}
		draft := clients[c]
		clients[c] = nil
		conflict := false
		for _, e := range draft.events {
			if (e.IsWrite() || level == Serializable) && current[e.Key] != draft.snapshot[e.Key] {
				conflict = true
			}
		}
		if conflict && (mistakes == 0 || r.IntN(mistakes) > 0) {
			continue
		}
		t := int32(h.Len())
		h.Session, h.Begin, h.End = append(h.Session, draft.session), append(h.Begin, draft.begin), append(h.End, clock)
		h.Events = append(h.Events, draft.events...)
		h.First = append(h.First, int32(len(h.Events)))
		for _, e := range draft.events {
			if e.IsWrite() {
				current[e.Key] = t
			}
		}
	}
	return h
}

package transactions

import (
	"math/rand/v2"
	"slices"
)

// seeing is a store that orders transactions by their commits. A transaction sees some of those before it, and reads of each key what the
// last of them left behind.
type seeing struct {
	r *rand.Rand
	*plan
	atOnce     bool // it sees all that committed before it does
	prefix     bool // it sees a beginning of the order
	transitive bool // it sees what those saw that it sees
	conflicts  bool // it aborts if it does not see all that wrote what it writes
	sessions   bool // it sees the earlier ones of its process
	fresh      bool // it sees all that had committed when it began
	lag        int  // how many of the last ones a prefix lacks, at most

	log   []*txn
	lists map[string][]revision
	last  map[int]view // of a process, what it has seen
}

// view are the places in the log that a transaction sees.
type view map[int]bool

// revision is what a transaction left behind in a key.
type revision struct {
	by int // its place in the log
	content
}

func newSeeing(r *rand.Rand, p *plan) *seeing {
	s := &seeing{r: r, plan: p, lists: map[string][]revision{}, last: map[int]view{}}
	s.sessions, s.fresh, s.lag = r.IntN(2) == 0, r.IntN(3) == 0, r.IntN(4)
	switch r.IntN(9) {
	case 0: // serializable
		s.atOnce = true
	case 1, 2: // snapshot isolation
		s.prefix, s.transitive, s.conflicts = true, true, true
	case 3:
		s.prefix, s.transitive = true, true
	case 4, 5: // parallel snapshot isolation
		s.transitive, s.conflicts = true, true
	case 6: // causal
		s.transitive = true
	default: // read atomic
		s.conflicts = r.IntN(2) == 0
	}
	return s
}

func (s *seeing) begin(t *txn) {
	t.view = view{}
	if s.sessions {
		for at := range s.last[t.process] {
			t.view[at] = true
		}
	}
	upTo := len(s.log)
	if !s.fresh {
		upTo = max(0, upTo-s.lag)
	}
	for at := range s.log {
		if at < upTo && (s.prefix || s.fresh || s.r.IntN(5) < 2) {
			t.view[at] = true
		}
	}
	s.close(t)
}

// close adds what the rules want to be seen.
func (s *seeing) close(t *txn) {
	for at := len(s.log) - 1; at >= 0; at-- {
		if t.view[at] && s.transitive {
			for seen := range s.log[at].view {
				t.view[seen] = true
			}
		}
	}
	if !s.prefix {
		return
	}
	for at := len(s.log) - 1; at > 0; at-- {
		if t.view[at] {
			t.view[at-1] = true
		}
	}
}

func (s *seeing) do(*txn, *micro) bool { return true }

// commit does all at once, as nobody can tell.
func (s *seeing) commit(t *txn) bool {
	if s.atOnce || t.last {
		for at := range s.log {
			t.view[at] = true
		}
	}
	if s.conflicts && !s.seesWriters(t) {
		return false
	}
	place := len(s.log)
	local := map[string]content{}
	for _, m := range t.steps {
		switch m.op {
		case read:
			m.seen = s.now(t, local, m.key)
		case scan:
			m.found = map[string]content{}
			for _, k := range s.all(m.key) {
				m.found[k] = s.now(t, local, k)
			}
		case write:
			base, ok := local[m.key]
			if !ok && len(s.lists[m.key]) > 0 {
				base = s.lists[m.key][len(s.lists[m.key])-1].content
			}
			local[m.key] = s.after(base, m.value)
		}
	}
	s.log = append(s.log, t)
	for key, content := range local {
		s.lists[key] = append(s.lists[key], revision{place, content})
	}
	if s.last[t.process] == nil {
		s.last[t.process] = view{}
	}
	s.last[t.process][place] = true
	for at := range t.view {
		s.last[t.process][at] = true
	}
	return true
}

// now is what a transaction reads at a step.
func (s *seeing) now(t *txn, local map[string]content, key string) content {
	if own, ok := local[key]; ok {
		return own
	}
	for _, r := range slices.Backward(s.lists[key]) {
		if t.view[r.by] {
			return r.content
		}
	}
	return nil
}

func (s *seeing) seesWriters(t *txn) bool {
	for _, m := range t.steps {
		for _, r := range s.lists[m.key] {
			if m.op == write && !t.view[r.by] {
				return false
			}
		}
	}
	return true
}

func (s *seeing) abort(*txn) {}

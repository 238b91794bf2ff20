// Package serial looks for an order of transactions in which they could have happened one after the other, in real time: each read sees
// what was written last. Such an order shows that a history is strictly serializable, and keeps every weaker level.
//
// It is a search that goes along with time, as one for linearizability does (Wing and Gong 1993; Lowe 2017): what comes next is one of those that
// were invoked before any other that is left had returned. In stores that keep the level it hardly ever turns back. If it finds nothing,
// nothing follows.
package serial

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"faultline/checker/txn/internal/wr"
	"faultline/internal/timebound"
)

// Order is such an order of all transactions; nil if none is found in so many steps, in so many bytes of memory, or before stop is closed. The history must have times, and
// its transactions must be in the order of their beginnings.
func Order(h *wr.History, steps, memory int64, stop <-chan struct{}) []int32 {
	s, ok := newSearch(h)
	if !ok || !s.run(steps, memory, stop) {
		return nil
	}
	order := make([]int32, len(s.path))
	for i := range s.path {
		order[i] = s.path[i].chosen
	}
	return order
}

// search is the state of the search: which transactions have happened, and which version each key has.
type search struct {
	h     *wr.History
	steps []step // of all transactions, each key once
	first []int32

	next, previous []int32 // the transactions that are left, in order of their beginnings; n is before the first and behind the last
	current        []int32 // of each key, its version
	unread         []int32 // of each version, how many transactions that are left read it
	hash           uint64  // of the transactions that have happened, and the versions
	marks          []uint64
	dead           map[uint64]struct{} // states from which there is no way to the end

	path []choice
	undo []change
}

// step is what a transaction does with a key: it finds a version, or any, and leaves one, or the same.
type step struct{ key, finds, leaves int32 }

// stateBytes is what a state takes that is remembered as dead, with the room that a map leaves.
const stateBytes = 24

// none is no version. Others are numbers of steps that write, and the keys' initial ones behind these.
const none = -1

// choice is a transaction that happens, and those that could have happened instead and were not tried yet.
type choice struct {
	chosen int32
	others []int32
	hash   uint64 // before it
	undo   int    // where the changes that it made begin
}

// change is a key with the version that it had before.
type change struct{ key, version int32 }

func newSearch(h *wr.History) (s *search, ok bool) {
	s = &search{h: h, first: make([]int32, h.Len()+1), dead: map[uint64]struct{}{}}
	if ok = s.collect() && s.follow() && s.resolve(); !ok {
		return nil, false
	}
	n := h.Len()
	s.next, s.previous = make([]int32, n+1), make([]int32, n+1)
	for t := range n + 1 {
		s.next[t], s.previous[t] = int32((t+1)%(n+1)), int32((t+n)%(n+1))
	}
	random := rand.New(rand.NewPCG(1, 2))
	s.marks = make([]uint64, n)
	for t := range s.marks {
		s.marks[t] = random.Uint64()
	}
	return s, true
}

// collect puts the events of each transaction on a key together. It fails if one reads a key again and finds another version, or reads what
// it had overwritten.
func (s *search) collect() (ok bool) {
	latest := make([]int32, s.h.Keys) // of each key, the last step on it
	for t := range int32(s.h.Len()) {
		begin := int32(len(s.steps))
		s.first[t] = begin
		for _, e := range s.h.Of(t) {
			at := latest[e.Key]
			if at < begin || at == int32(len(s.steps)) || s.steps[at].key != e.Key {
				at = int32(len(s.steps))
				latest[e.Key] = at
				s.steps = append(s.steps, step{e.Key, none, none})
			}
			x := &s.steps[at]
			switch {
			case e.IsWrite():
				x.leaves = 1
			case x.leaves != none || x.finds != none && x.finds != e.From+2:
				return false
			default:
				x.finds = e.From + 2 // so that it is no none
			}
		}
		if its := s.steps[begin:]; len(its) > fewSteps {
			slices.SortFunc(its, func(a, b step) int { return cmp.Compare(a.key, b.key) })
		}
	}
	s.first[s.h.Len()] = int32(len(s.steps))
	return true
}

// fewSteps are so few that they are looked through one by one. The steps of a longer transaction are sorted by key.
const fewSteps = 32

// follow has each writer of a version whose place is known find the one before. It fails if a writer has read another one.
func (s *search) follow() (ok bool) {
	for key, writers := range s.h.Ordered {
		before := wr.Initial
		for _, t := range writers {
			i, _ := s.written(t, int32(key))
			if x := &s.steps[i]; x.finds == none {
				x.finds = before + 2
			} else if x.finds != before+2 {
				return false
			}
			before = t
		}
	}
	return true
}

// resolve numbers the versions, and counts their readers.
func (s *search) resolve() (ok bool) {
	initial := int32(len(s.steps))
	s.unread = make([]int32, len(s.steps)+s.h.Keys)
	s.current = make([]int32, s.h.Keys)
	for key := range s.current {
		s.current[key] = initial + int32(key)
	}
	for i := range s.steps {
		x := &s.steps[i]
		if x.leaves != none {
			x.leaves = int32(i)
		}
		switch from := x.finds - 2; {
		case x.finds == none:
			continue
		case from == wr.Initial:
			x.finds = initial + x.key
		default:
			if x.finds, ok = s.written(from, x.key); !ok {
				return false
			}
		}
		s.unread[x.finds]++
	}
	return true
}

// written is the version of a key that a transaction wrote.
func (s *search) written(t, key int32) (version int32, ok bool) {
	its := s.steps[s.first[t]:s.first[t+1]]
	var i int
	if len(its) > fewSteps {
		i, ok = slices.BinarySearchFunc(its, key, func(x step, key int32) int { return cmp.Compare(x.key, key) })
	} else {
		i = slices.IndexFunc(its, func(x step) bool { return x.key == key })
		ok = i >= 0
	}
	return s.first[t] + int32(i), ok
}

// run searches until all transactions have happened.
func (s *search) run(steps, memory int64, stop <-chan struct{}) bool {
	for len(s.path) < s.h.Len() {
		if timebound.Closed(stop) || int64(len(s.dead))*stateBytes > memory {
			return false
		}
		ready := s.ready(&steps)
		if _, dead := s.dead[s.hash]; dead || len(ready) == 0 {
			if !s.back() {
				return false
			}
		} else {
			s.happen(ready[0], ready[1:])
		}
		if steps < 0 {
			return false
		}
	}
	return true
}

// ready are the transactions that can be next, who returned first before the others. One that writes nothing can come at once: whatever
// could come before it can come after it.
func (s *search) ready(steps *int64) []int32 {
	n := int32(s.h.Len())
	bound := int64(math.MaxInt64) // when the first of those that are left returned
	var ready []int32
	for t := s.next[n]; t != n && s.h.Begin[t] < bound; t = s.next[t] {
		*steps--
		bound = min(bound, s.h.End[t])
		possible, writes := s.possible(t)
		switch {
		case !possible:
		case !writes:
			return []int32{t}
		default:
			ready = append(ready, t)
		}
	}
	for i := 1; i < len(ready); i++ {
		for k := i; k > 0 && s.h.End[ready[k]] < s.h.End[ready[k-1]]; k-- {
			ready[k], ready[k-1] = ready[k-1], ready[k]
		}
	}
	return ready
}

// possible reports whether a transaction finds what it read, and overwrites nothing that others are still to read.
func (s *search) possible(t int32) (possible, writes bool) {
	for _, x := range s.steps[s.first[t]:s.first[t+1]] {
		current := s.current[x.key]
		if x.finds != none && x.finds != current {
			return false, false
		}
		if x.leaves != none {
			writes = true
			left := s.unread[current]
			if x.finds != none {
				left--
			}
			if left > 0 {
				return false, true
			}
		}
	}
	return true, writes
}

// happen lets a transaction happen.
func (s *search) happen(t int32, others []int32) {
	s.path = append(s.path, choice{t, others, s.hash, len(s.undo)})
	s.hash ^= s.marks[t]
	for _, x := range s.steps[s.first[t]:s.first[t+1]] {
		if x.finds != none {
			s.unread[x.finds]--
		}
		if x.leaves != none {
			s.undo = append(s.undo, change{x.key, s.current[x.key]})
			s.hash ^= mixed(s.current[x.key]) ^ mixed(x.leaves)
			s.current[x.key] = x.leaves
		}
	}
	s.next[s.previous[t]], s.previous[s.next[t]] = s.next[t], s.previous[t]
}

// mixed spreads the bits of a version (the finalizer of SplitMix64).
func mixed(version int32) uint64 {
	x := uint64(version)*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// back gives up what happened last, and has the next thing happen that could have happened instead.
func (s *search) back() bool {
	s.dead[s.hash] = struct{}{}
	for len(s.path) > 0 {
		last := s.path[len(s.path)-1]
		s.path = s.path[:len(s.path)-1]
		s.take(last)
		if len(last.others) > 0 {
			s.happen(last.others[0], last.others[1:])
			return true
		}
		s.dead[s.hash] = struct{}{}
	}
	return false
}

// take takes back what a transaction did.
func (s *search) take(c choice) {
	t := c.chosen
	s.next[s.previous[t]], s.previous[s.next[t]] = t, t
	for _, x := range s.steps[s.first[t]:s.first[t+1]] {
		if x.finds != none {
			s.unread[x.finds]++
		}
	}
	for _, u := range s.undo[c.undo:] {
		s.current[u.key] = u.version
	}
	s.undo, s.hash = s.undo[:c.undo], c.hash
}

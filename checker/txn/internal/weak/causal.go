package weak

import (
	"math"
	"runtime"
	"sync"

	"faultline/checker/txn/internal/wr"
)

// width is how many sessions are looked at together. It bounds the memory for clocks: 4·width bytes a transaction.
const width = 32

// clock tells how much of each of width sessions leads to a transaction: of the ith all those whose rank is below clock[i].
type clock [width]int32

// join adds what leads to another transaction.
func (c *clock) join(other *clock) {
	for i, n := range other {
		c[i] = max(c[i], n)
	}
}

// inferCausal infers what causal consistency asks for. Order has each transaction after those that lead to it.
//
// It asks of each version: is there another writer of the key that leads to a reader of the version, and does not lead to the writer of
// the version? Then that one comes before. Of each session only the last such writer matters, and of all readers only the union of
// what leads to them. Most versions have none, and that is seen by comparing clocks, a version at a time, without a search.
func (r *relation) inferCausal(order []int32) {
	v := wr.NewVersions(r.h, order)
	clocks := make([]clock, r.h.Len())
	for s := 0; s+1 < len(r.sessions.first); s += width {
		low, high := int32(s), int32(min(s+width, len(r.sessions.first)-1))
		r.tick(clocks, order, low, high)
		for _, found := range r.inferKeys(v, clocks, low, high) {
			for _, i := range found {
				r.infer(i)
			}
		}
	}
}

// tick computes the clocks of the sessions low to high.
func (r *relation) tick(clocks []clock, order []int32, low, high int32) {
	for _, t := range order {
		clocks[t] = clock{}
		r.join(clocks, t, r.sessions.before[t], low, high)
		last := none
		for _, e := range r.h.Of(t) {
			if e.From >= 0 && e.From != last {
				last = e.From
				r.join(clocks, t, last, low, high)
			}
		}
	}
}

// join adds to the clock of t what leads to p, and p itself.
func (r *relation) join(clocks []clock, t, p, low, high int32) {
	if p == none {
		return
	}
	c := &clocks[t]
	c.join(&clocks[p])
	if s := r.h.Session[p]; low <= s && s < high {
		c[s-low] = max(c[s-low], r.sessions.rank[p]+1)
	}
}

// inferKeys divides the keys among the processors. The result is in the order of the keys.
func (r *relation) inferKeys(v *wr.Versions, clocks []clock, low, high int32) [][]inference {
	parts := min(runtime.GOMAXPROCS(0), r.h.Keys)
	found := make([][]inference, parts)
	var working sync.WaitGroup
	for p := range parts {
		working.Go(func() {
			l := newLanes(r, clocks, low, high)
			for key := p * r.h.Keys / parts; key < (p+1)*r.h.Keys/parts; key++ {
				l.key(v, int32(key))
			}
			found[p] = l.found
		})
	}
	working.Wait()
	return found
}

// lanes are the writers of a key, by session.
type lanes struct {
	r      *relation
	clocks []clock
	low    int32
	high   int32
	found  []inference

	ranks [width][]int32 // of the writers of the key in each session
	// past and next are the ranks of the writers around the version that is looked at, in the order of the versions.
	past, next clock
	passed     [width]int // how many writers of each session were passed
}

func newLanes(r *relation, clocks []clock, low, high int32) *lanes {
	return &lanes{r: r, clocks: clocks, low: low, high: high}
}

// key infers from the reads of a key.
func (l *lanes) key(v *wr.Versions, key int32) {
	if !l.collect(v, key) {
		return
	}
	l.infer(wr.Initial, key, &clock{}, v.InitialReaders(key))
	for i := v.First[key]; i < v.First[key+1]; i++ {
		writer := v.Writer[i]
		lane := l.r.h.Session[writer] - l.low
		inside := lane >= 0 && lane < l.high-l.low
		if inside {
			l.pass(lane)
		}
		if readers := v.Readers(i); len(readers) > 0 {
			l.infer(writer, key, &l.clocks[writer], readers)
		}
		if inside {
			l.past[lane] = l.r.sessions.rank[writer]
		}
	}
}

// collect finds the writers of the key in each session, and tells whether there are any.
func (l *lanes) collect(v *wr.Versions, key int32) bool {
	for i := range l.ranks {
		l.ranks[i] = l.ranks[i][:0]
		l.past[i], l.next[i], l.passed[i] = none, math.MaxInt32, 0
	}
	some := false
	for _, writer := range v.Writer[v.First[key]:v.First[key+1]] {
		lane := l.r.h.Session[writer] - l.low
		if lane < 0 || lane >= l.high-l.low {
			continue
		}
		some = true
		rank := l.r.sessions.rank[writer]
		l.ranks[lane] = append(l.ranks[lane], rank)
		l.next[lane] = min(l.next[lane], rank)
	}
	return some
}

// pass goes beyond the next writer of a lane.
func (l *lanes) pass(lane int32) {
	l.passed[lane]++
	l.next[lane] = math.MaxInt32
	if n := l.passed[lane]; n < len(l.ranks[lane]) {
		l.next[lane] = l.ranks[lane][n]
	}
}

// infer infers from all reads of one version. Known is what leads to its writer.
func (l *lanes) infer(writer, key int32, known *clock, readers []int32) {
	if len(readers) == 0 {
		return
	}
	seen := l.clocks[readers[0]]
	for _, t := range readers[1:] {
		seen.join(&l.clocks[t])
	}
	for i, n := range &seen {
		if n > l.next[i] || n > known[i] && l.past[i] >= known[i] {
			l.inferLane(i, writer, key, known[i], n, readers)
		}
	}
}

// inferLane infers that the last writer of a lane that was seen comes before the one that was read from, unless that is known.
func (l *lanes) inferLane(lane int, writer, key, known, seen int32, readers []int32) {
	rank := last(l.ranks[lane], seen)
	from := none
	if rank >= known {
		from = l.r.sessions.members[rank]
	}
	if from == none || from == writer {
		return
	}
	for _, t := range readers {
		if l.clocks[t][lane] > rank {
			l.found = append(l.found, inference{from: from, to: writer, reader: t, key: key})
			return
		}
	}
}

// last is the last of ranks below end, or none.
func last(ranks []int32, end int32) int32 {
	low, high := 0, len(ranks)
	for low < high {
		if middle := (low + high) / 2; ranks[middle] < end {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == 0 {
		return none
	}
	return ranks[low-1]
}

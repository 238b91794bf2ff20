package weak

import (
	"math"
	"runtime"
	"sync"

	"faultline/checker/txn/internal/wr"
)

// width is how many chains are looked at together. It bounds the memory for clocks: 4·width bytes a transaction.
const width = 32

// clock tells how much of each of width chains leads to a transaction: of the ith all those whose rank is below clock[i].
type clock [width]int32

// join adds what leads to another transaction.
func (c *clock) join(other *clock) {
	for i, n := range other {
		c[i] = max(c[i], n)
	}
}

// inferCausal infers what causal consistency asks for. Order has each transaction after those that lead to it. It returns false if stop is closed
// before that is done.
//
// It asks of each version: is there another writer of the key that leads to a reader of the version, and does not lead to the writer of
// the version? Then that one comes before. Of each chain only the last such writer matters, and of all readers only the union of
// what leads to them. Most versions have none, and that is seen by comparing clocks, a version at a time, without a search.
func (r *relation) inferCausal(order []int32) (done bool) {
	chains, done := r.chains(order)
	return done && r.inferAlong(chains, order)
}

// inferAlong infers, chain by chain.
func (r *relation) inferAlong(chains chains, order []int32) (done bool) {
	c := &causal{relation: r, chains: chains, versions: wr.NewVersions(r.h, order), clocks: make([]clock, r.h.Len())}
	for low := int32(0); low < chains.len(); low += width {
		c.low, c.high = low, min(low+width, chains.len())
		if !c.tick(order) {
			return false
		}
		for _, found := range c.inferKeys() {
			for _, i := range found {
				r.infer(i)
			}
		}
	}
	return !r.stopped()
}

// causal is what inferCausal needs to know.
type causal struct {
	*relation
	chains    chains
	versions  *wr.Versions
	low, high int32 // the chains that are looked at
	clocks    []clock
}

// tick computes the clocks of the chains that are looked at.
func (c *causal) tick(order []int32) (done bool) {
	for i, t := range order {
		if i%pollEvery == 0 && c.stopped() {
			return false
		}
		c.clocks[t] = clock{}
		c.join(t, c.sessions.before[t])
		last := none
		for _, e := range c.h.Of(t) {
			if e.From >= 0 && e.From != last {
				last = e.From
				c.join(t, last)
			}
		}
	}
	return true
}

// join adds to the clock of t what leads to p, and p itself.
func (c *causal) join(t, p int32) {
	if p == none {
		return
	}
	at := &c.clocks[t]
	at.join(&c.clocks[p])
	if lane := c.chains.of[p]; c.low <= lane && lane < c.high {
		at[lane-c.low] = max(at[lane-c.low], c.chains.rank[p]+1)
	}
}

// inferKeys divides the keys among the processors. The result is in the order of the keys.
func (c *causal) inferKeys() [][]inference {
	parts := min(runtime.GOMAXPROCS(0), c.h.Keys)
	found := make([][]inference, parts)
	var working sync.WaitGroup
	for p := range parts {
		working.Go(func() {
			l := &lanes{causal: c}
			for key := p * c.h.Keys / parts; key < (p+1)*c.h.Keys/parts && !c.stopped(); key++ {
				l.key(int32(key))
			}
			found[p] = l.found
		})
	}
	working.Wait()
	return found
}

// lanes are the writers of a key, by chain.
type lanes struct {
	*causal
	found []inference

	ranks [width][]int32 // of the writers of the key in each chain
	// past and next are the ranks of the writers around the version that is looked at, in the order of the versions.
	past, next clock
	passed     [width]int // how many writers of each chain were passed
}

// key infers from the reads of a key.
func (l *lanes) key(key int32) {
	v := l.versions
	if !l.collect(key) {
		return
	}
	l.infer(wr.Initial, key, &clock{}, v.InitialReaders(key))
	for i := v.First[key]; i < v.First[key+1]; i++ {
		writer := v.Writer[i]
		lane := l.chains.of[writer] - l.low
		inside := lane >= 0 && lane < l.high-l.low
		if inside {
			l.pass(lane)
		}
		if readers := v.Readers(i); len(readers) > 0 {
			l.infer(writer, key, &l.clocks[writer], readers)
		}
		if inside {
			l.past[lane] = l.chains.rank[writer]
		}
	}
}

// collect finds the writers of the key in each chain, and tells whether there are any.
func (l *lanes) collect(key int32) bool {
	for i := range l.ranks {
		l.ranks[i] = l.ranks[i][:0]
		l.past[i], l.next[i], l.passed[i] = none, math.MaxInt32, 0
	}
	some := false
	v := l.versions
	for _, writer := range v.Writer[v.First[key]:v.First[key+1]] {
		lane := l.chains.of[writer] - l.low
		if lane < 0 || lane >= l.high-l.low {
			continue
		}
		some = true
		rank := l.chains.rank[writer]
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
		from = l.chains.members[rank]
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

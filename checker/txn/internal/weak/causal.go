package weak

import (
	"slices"

	"faultline/checker/txn/internal/wr"
)

// width is how many sessions are looked at together. It bounds the memory for clocks: 4·width bytes a transaction.
const width = 16

// inferCausal infers what causal consistency asks for. Order has each transaction after those that lead to it.
func (r *relation) inferCausal(order []int32) {
	c := &causal{r: r, order: order, keys: newKeyIndex(r.h, r.sessions.members, r.sessions.rank)}
	c.clocks = make([][width]int32, r.h.Len())
	for s := 0; s+1 < len(r.sessions.first); s += width {
		c.low, c.high = int32(s), int32(min(s+width, len(r.sessions.first)-1))
		c.tick()
		for key := range int32(r.h.Keys) {
			c.inferKey(key)
		}
	}
}

// causal is what inferCausal needs to know about the sessions low to high.
type causal struct {
	r         *relation
	order     []int32
	keys      keyIndex
	low, high int32
	// clocks tell how much of each session leads to a transaction: of session low+i all those whose rank is below clocks[t][i].
	clocks [][width]int32
	// lanes are the sessions that write the key that is looked at.
	lanes []lane
}

// lane is the writers of a key in one session.
type lane struct {
	session int32 // from low
	writers []int32
	seen    int // how many of them lead to the read that is looked at
}

// tick computes the clocks.
func (c *causal) tick() {
	for _, t := range c.order {
		clock := &c.clocks[t]
		*clock = [width]int32{}
		c.join(clock, c.r.sessions.before[t])
		last := none
		for _, e := range c.r.h.Of(t) {
			if e.From >= 0 && e.From != last {
				c.join(clock, e.From)
				last = e.From
			}
		}
	}
}

// join adds what leads to p, and p itself.
func (c *causal) join(clock *[width]int32, p int32) {
	if p == none {
		return
	}
	for i, n := range &c.clocks[p] {
		clock[i] = max(clock[i], n)
	}
	if s := c.r.h.Session[p]; c.low <= s && s < c.high {
		clock[s-c.low] = max(clock[s-c.low], c.r.sessions.rank[p]+1)
	}
}

// inferKey infers from the reads of a key. Within a session, what an earlier read of the key implied is not inferred again: a
// writer that was last of its lane then comes before what was read then, and only that before what is read now.
func (c *causal) inferKey(key int32) {
	c.findLanes(key)
	if len(c.lanes) == 0 {
		return
	}
	session, before := none, nobody
	for _, read := range c.keys.readsOf(key) {
		if s := c.r.h.Session[read.by]; s != session {
			session, before = s, nobody
			for i := range c.lanes {
				c.lanes[i].seen = 0
			}
		}
		for i := range c.lanes {
			c.inferLane(&c.lanes[i], read, before, key)
		}
		before = read.from
	}
}

// findLanes finds the sessions that write a key.
func (c *causal) findLanes(key int32) {
	c.lanes = c.lanes[:0]
	writers := c.keys.writersOf(key) // ranks, so that those of a session are together
	first := c.r.sessions.first
	start, _ := slices.BinarySearch(writers, first[c.low])
	for s := c.low; s < c.high && start < len(writers); s++ {
		end := start
		for end < len(writers) && writers[end] < first[s+1] {
			end++
		}
		if end > start {
			c.lanes = append(c.lanes, lane{session: s - c.low, writers: writers[start:end]})
		}
		start = end
	}
}

// inferLane infers from one read that the last writer of the lane that leads to it comes before the one that was read from.
func (c *causal) inferLane(l *lane, read keyRead, before, key int32) {
	clock := c.clocks[read.by][l.session]
	seen := advance(l.writers, l.seen, clock)
	moved := seen > l.seen
	l.seen = seen
	if seen == 0 {
		return
	}
	last := c.r.sessions.members[l.writers[seen-1]]
	if last == read.from || !moved && (before < 0 || c.r.h.Session[before]-c.low != l.session) {
		return
	}
	if read.from >= 0 && l.writers[seen-1] < c.clocks[read.from][l.session] {
		return // it leads to the one that was read from
	}
	c.r.infer(inference{from: last, to: read.from, reader: read.by, key: key})
}

// advance is how many of ranks are below clock, if the first n are. It gallops, since a session may look at a key seldom.
func advance(ranks []int32, n int, clock int32) int {
	step := 1
	for n+step <= len(ranks) && ranks[n+step-1] < clock {
		n, step = n+step, 2*step
	}
	for ; step > 0; step /= 2 {
		if n+step <= len(ranks) && ranks[n+step-1] < clock {
			n += step
		}
	}
	return n
}

// keyIndex is the reads and writers of each key, session by session.
type keyIndex struct {
	writers    []int32 // ranks in sessions.members
	reads      []keyRead
	firstWrite []int32
	firstRead  []int32
}

// keyRead is a read of a key.
type keyRead struct{ by, from int32 }

func (k *keyIndex) writersOf(key int32) []int32 {
	return k.writers[k.firstWrite[key]:k.firstWrite[key+1]]
}
func (k *keyIndex) readsOf(key int32) []keyRead { return k.reads[k.firstRead[key]:k.firstRead[key+1]] }

func newKeyIndex(h *wr.History, members, rank []int32) keyIndex {
	k := keyIndex{firstWrite: make([]int32, h.Keys+1), firstRead: make([]int32, h.Keys+1)}
	for _, e := range h.Events {
		if e.IsWrite() {
			k.firstWrite[e.Key+1]++
		} else {
			k.firstRead[e.Key+1]++
		}
	}
	for key := range h.Keys {
		k.firstWrite[key+1] += k.firstWrite[key]
		k.firstRead[key+1] += k.firstRead[key]
	}
	k.writers, k.reads = make([]int32, k.firstWrite[h.Keys]), make([]keyRead, k.firstRead[h.Keys])
	write, read := slices.Clone(k.firstWrite), slices.Clone(k.firstRead)
	for _, t := range members {
		for _, e := range h.Of(t) {
			if e.IsWrite() {
				k.writers[write[e.Key]] = rank[t]
				write[e.Key]++
			} else {
				k.reads[read[e.Key]] = keyRead{t, e.From}
				read[e.Key]++
			}
		}
	}
	return k
}

package ladder

import (
	"math"
	"slices"
	"sort"
)

// views looks for a session of whose reads and all writes there is no order that keeps a relation and in which each read
// sees the last write before it.
//
// For causal memory the relation is causal order, and this is the search for WriteHBInitRead and CyclicHB, for the
// happened-before of the last op of each session: that of an earlier one is part of it (Bouajjani and others 2017, section 5.3).
// For PRAM it is the program order of all sessions, and the same closure decides for the same reason: it asks of the
// relation only that it is one (Wei, Huang and others 2016, Verifying Pipelined-RAM Consistency over Read/Write Traces of
// Data Replicas, call it RW-closure).
//
// Happened-before is the least relation that holds the given one and, with a write w1 and a read of the session that it comes
// before, of w2 on the same key, also w1 before w2. The ops of the session come one after the other, and what comes
// before one comes before those that follow it. So it is enough to know for each write the first op of the session that it
// comes before; that is found by lowering: if w1 is known before a read that saw w2, w1 comes before whatever w2 comes
// before. When nothing is left to lower, all pairs are known, and whether they make a cycle is asked once.
type views struct {
	*reading
	clock *clock
	// past tells the ops that come before a write, and itself, as a number of ops for each session where there are any.
	past func(w int32, tell func(session, count int32))
	base *graph  // the relation, without what follows from it
	rank []int32 // the place of each op in some order that keeps the relation
}

func newViews(r *reading, base *graph, c *clock) *views {
	return &views{reading: r, clock: c, base: base, rank: r.ranks(base)}
}

// ranks numbers the ops in an order that keeps a relation: in the proposed one if it does, as that is likely to keep more.
func (r *reading) ranks(g *graph) []int32 {
	rank := make([]int32, len(r.ops))
	number := func(order []int32) {
		r.bound.Spend(len(order))
		for place, i := range order {
			rank[i] = int32(place)
		}
	}
	number(r.proposal())
	if slices.ContainsFunc(g.edges, func(e edge) bool { return rank[e.from] > rank[e.to] }) {
		number(g.order())
	}
	return rank
}

// unseen is the place of what comes before no op of a session.
const unseen = math.MaxInt32

// view is one session's. Places are twice the place of an op in the session, and one more for what it writes.
type view struct {
	*views
	session int32
	first   []int32 // by op: the first place of the session that it comes before, or unseen
	reason  []int32 // by op that is not unseen: the reason for that
	reasons []reason
	entered []int32 // by session, how many ops are not unseen
	keys    map[int32]*viewKey
	dirty   []int32 // keys
	found   *breach
}

type viewKey struct {
	reads  []viewRead
	writes []int32 // that are not unseen
	dirty  bool
	after  []lowest // by read
}

type viewRead struct{ place, from, op int32 }

// lowest are the two lowest places of the versions of some reads, which are different versions.
type lowest struct{ first, second candidate }

// candidate is a version that a read saw.
type candidate struct{ place, from, op int32 }

// reason is why ops come before a place of the session: they come before w, and by is a read of the session that saw w, or
// one that w comes before and that saw a version that comes before the place.
type reason struct {
	w, by int32
	// Why w comes before by, and why that version comes before the place; nothing if it is program order.
	sooner, version int32
}

// breached looks for a session whose view cannot be.
func (v *views) breached() *breach {
	first, reason, entered := make([]int32, len(v.ops)), make([]int32, len(v.ops)), make([]int32, len(v.sessions))
	for s := range v.sessions {
		v.clock.Spend(len(v.ops) / 8)
		for i := range first {
			first[i] = unseen
		}
		clear(entered)
		one := &view{views: v, session: int32(s), first: first, reason: reason, entered: entered, keys: map[int32]*viewKey{}}
		if b := one.decide(); b != nil {
			return b
		}
	}
	return nil
}

func (v *view) decide() *breach {
	v.enterAll()
	for len(v.dirty) > 0 && v.found == nil {
		key := v.dirty[len(v.dirty)-1]
		v.dirty = v.dirty[:len(v.dirty)-1]
		v.keys[key].dirty = false
		v.lower(v.keys[key])
	}
	if v.found != nil {
		return v.found
	}
	return v.cycle()
}

// enterAll puts in what comes before each op of the session. The view has the keys that the session reads.
func (v *view) enterAll() {
	s := v.sessions[v.session]
	for i := s.begin; i < s.end; i++ {
		if o := &v.ops[i]; o.reads() && v.keys[o.key] == nil {
			v.keys[o.key] = &viewKey{}
		}
	}
	for i := s.begin; i < s.end && v.found == nil; i++ {
		v.clock.Spend(1)
		o, place := &v.ops[i], 2*(i-s.begin)
		if o.from >= 0 {
			v.pull(o.from, place, i)
		}
		if o.reads() {
			k := v.keys[o.key]
			k.reads = append(k.reads, viewRead{place, o.from, i})
			v.touch(o.key, k)
		}
		if v.first[i], v.entered[v.session] = place+1, i-s.begin+1; o.writes && v.keys[o.key] != nil {
			v.keys[o.key].writes = append(v.keys[o.key].writes, i)
		}
	}
}

func (v *view) touch(key int32, k *viewKey) {
	if !k.dirty {
		k.dirty = true
		v.dirty = append(v.dirty, key)
	}
}

// pull says that a write, and all that comes before it, comes before a place, because of an op of the session.
func (v *view) pull(w, place, by int32) {
	why := v.because(w, by)
	v.past(w, func(session, count int32) {
		begin := v.sessions[session].begin
		if session == v.session {
			if count-1 >= place/2 && v.found == nil {
				v.found = v.circle(ruleCyclicHB, begin+count-1, why)
			}
			return
		}
		for i := begin + count - 1; i >= begin && v.first[i] > place; i-- {
			v.clock.Spend(1)
			v.first[i], v.reason[i] = place, why
			if k := v.keys[v.ops[i].key]; k != nil && v.ops[i].writes {
				if i-begin >= v.entered[session] {
					k.writes = append(k.writes, i)
				}
				v.touch(v.ops[i].key, k)
			}
		}
		v.entered[session] = max(v.entered[session], count)
	})
}

// because makes a reason.
func (v *view) because(w, by int32) int32 {
	v.reasons = append(v.reasons, reason{w, by, v.reasonOf(w), v.reasonOf(v.ops[by].from)})
	return int32(len(v.reasons)) - 1
}

func (v *view) reasonOf(w int32) int32 {
	if w < 0 || v.ops[w].session == v.session || v.first[w] == unseen {
		return nothing
	}
	return v.reason[w]
}

// pair is an op with the reason why it comes before something.
type pair struct{ op, reason int32 }

// lower finds for each write of a key the first place that it must come before, because of the reads of that key.
func (v *view) lower(k *viewKey) {
	k.lowest(v.first, v.clock)
	for _, w := range k.writes {
		v.clock.Spend(1)
		for {
			at := k.readFrom(v.first[w])
			if at == len(k.reads) {
				break
			}
			low := k.after[at].first
			if low.from == w {
				low = k.after[at].second
			}
			if low.place >= v.first[w] {
				break
			}
			switch {
			case low.place == initial:
				v.found = v.beforeInitial(w, low.op)
			case v.ops[w].session == v.session:
				v.found = v.circle(ruleCyclicHB, w, v.because(w, low.op))
			default:
				v.pull(w, low.place, low.op)
			}
			if v.found != nil {
				return
			}
		}
	}
}

// readFrom is the first read at a place or behind it.
func (k *viewKey) readFrom(place int32) int {
	return sort.Search(len(k.reads), func(i int) bool { return k.reads[i].place >= place })
}

// lowest computes, for each read, the two lowest places of versions read there or later.
func (k *viewKey) lowest(first []int32, c *clock) {
	c.Spend(len(k.reads))
	k.after = slices.Grow(k.after[:0], len(k.reads))[:len(k.reads)]
	none := candidate{unseen, nothing, nothing}
	low := lowest{none, none}
	for i := len(k.reads) - 1; i >= 0; i-- {
		one := candidate{initial, k.reads[i].from, k.reads[i].op}
		if one.from >= 0 {
			one.place = first[one.from]
		}
		switch {
		case one.from == low.first.from:
			low.first = one
		case one.place < low.first.place:
			low = lowest{one, low.first}
		case one.place < low.second.place:
			low.second = one
		}
		k.after[i] = low
	}
}

// cycle asks whether the relation has a cycle together with the pairs that the reads add. Of these it takes one for each write, to
// the version that the first read after it saw, and one from each version that a read saw to that of the next: the others
// follow.
func (v *view) cycle() *breach {
	var added []edge
	backward := false
	add := func(from int32, read viewRead) {
		added = append(added, edge{from, read.from, [2]int32{read.op, nothing}, conflict})
		backward = backward || v.rank[from] > v.rank[read.from]
	}
	for _, key := range v.sortedKeys() {
		k := v.keys[key]
		for _, w := range k.writes {
			if at := k.readFrom(v.first[w]); at < len(k.reads) && k.reads[at].from != w {
				add(w, k.reads[at])
			}
		}
		v.clock.Spend(len(k.writes) + len(k.reads))
		for i := 1; i < len(k.reads); i++ {
			if a, b := k.reads[i-1], k.reads[i]; a.from != b.from && a.from >= 0 {
				add(a.from, b)
			}
		}
	}
	if !backward { // one order keeps them all
		return nil
	}
	g := &graph{bound: v.bound, nodes: v.base.nodes, edges: slices.Concat(v.base.edges, added)}
	if c := g.cycle(); c != nil {
		return v.breach(ruleCyclicHB, c)
	}
	return nil
}

func (v *view) sortedKeys() []int32 {
	keys := make([]int32, 0, len(v.keys))
	for key := range v.keys {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// causalMemory looks for WriteHBInitRead and CyclicHB over causal order.
func (k *causality) causalMemory(c *clock) *breach {
	v := newViews(k.reading, k.programAndReads(), c)
	v.past = func(w int32, tell func(session, count int32)) {
		c.Spend(k.sessionCount)
		for q, n := range k.clock(w) {
			if n > 0 {
				tell(int32(q), n)
			}
		}
	}
	return v.breached()
}

// pram looks for the same over program order.
func (r *reading) pram(c *clock) *breach {
	v := newViews(r, r.programOnly(), c)
	v.past = func(w int32, tell func(session, count int32)) { tell(r.ops[w].session, r.place(w)+1) }
	return v.breached()
}

func (r *reading) programOnly() *graph {
	g := &graph{bound: r.bound, nodes: len(r.ops), edges: make([]edge, 0, len(r.ops))}
	for i := range r.bound.UpTo(len(r.ops)) {
		if r.place(int32(i)) > 0 {
			g.add(int32(i)-1, int32(i), programOrder)
		}
	}
	return g
}

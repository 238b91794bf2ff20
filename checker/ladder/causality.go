package ladder

import "slices"

// causality is causal order: program order and reads from, and what follows from them. It is told by vector clocks (Fidge
// 1988, Mattern 1989), one for each write: for each session, how many of its ops come before the write, or are it.
type causality struct {
	*reading
	sessionCount int
	row          []int32 // op → its row in clocks; nothing if it writes nothing
	clocks       []int32
	topological  []int32  // all ops, in an order that keeps causal order
	base         *support // finds paths in it; nil until it is needed
}

// newCausality computes causal order. If that is none, because it goes in a circle, there is a breach instead. It takes
// an integer for each write and session.
func newCausality(r *reading, c *clock) (*causality, *breach) {
	k := &causality{reading: r, sessionCount: len(r.sessions)}
	if k.topological = r.topologicalOrder(c); k.topological == nil {
		return nil, &breach{rule: ruleCyclicCO, cycle: r.programAndReads().cycle()}
	}
	k.row = make([]int32, len(r.ops))
	rows := int32(0)
	for i := range r.bound.UpTo(len(r.ops)) {
		if k.row[i] = nothing; r.ops[i].writes {
			k.row[i] = rows
			rows++
		}
	}
	s := len(r.sessions)
	k.clocks = make([]int32, int(rows)*s)
	now := make([]int32, s*s) // by session, where it is
	for _, i := range k.topological {
		c.Spend(s)
		o := &r.ops[i]
		mine := now[int(o.session)*s : int(o.session+1)*s]
		if o.from >= 0 {
			for q, n := range k.clock(o.from) {
				mine[q] = max(mine[q], n)
			}
		}
		mine[o.session] = r.place(i) + 1
		if o.writes {
			copy(k.clock(i), mine)
		}
	}
	return k, nil
}

// clocksSize is how many bytes the clocks of a history take.
func (r *reading) clocksSize() int64 {
	writes := int64(0)
	for i := range r.bound.UpTo(len(r.ops)) {
		if r.ops[i].writes {
			writes++
		}
	}
	s := int64(len(r.sessions))
	return 4 * s * (writes + s)
}

// clock is that of a write.
func (k *causality) clock(w int32) []int32 {
	begin := int(k.row[w]) * k.sessionCount
	return k.clocks[begin : begin+k.sessionCount]
}

// before reports whether an op comes before a write, or is it.
func (k *causality) before(i, w int32) bool {
	return k.clocks[int(k.row[w])*k.sessionCount+int(k.ops[i].session)] > k.place(i)
}

// topologicalOrder is an order of all ops that keeps program order and reads from; nil if there is none.
func (r *reading) topologicalOrder(c *clock) []int32 {
	waits := make([]int8, len(r.ops)) // for how many ops it does
	readers := make([]int32, len(r.ops)+1)
	for i := range r.bound.UpTo(len(r.ops)) {
		if r.place(int32(i)) > 0 {
			waits[i]++
		}
		if from := r.ops[i].from; from >= 0 {
			waits[i]++
			readers[from+1]++
		}
	}
	for i := range r.bound.UpTo(len(r.ops)) {
		readers[i+1] += readers[i]
	}
	list := make([]int32, readers[len(r.ops)])
	next := slices.Clone(readers)
	order := make([]int32, 0, len(r.ops))
	for i := range r.bound.UpTo(len(r.ops)) {
		if from := r.ops[i].from; from >= 0 {
			list[next[from]] = int32(i)
			next[from]++
		}
		if waits[i] == 0 {
			order = append(order, int32(i))
		}
	}
	release := func(i int32) {
		if waits[i]--; waits[i] == 0 {
			order = append(order, i)
		}
	}
	for done := 0; done < len(order); done++ {
		c.Spend(1)
		i := order[done]
		if i+1 < r.sessions[r.ops[i].session].end {
			release(i + 1)
		}
		for _, reader := range list[readers[i]:readers[i+1]] {
			release(reader)
		}
	}
	if len(order) < len(r.ops) {
		return nil
	}
	return order
}

// programAndReads is the relation that causal order follows from.
func (r *reading) programAndReads() *graph {
	g := &graph{bound: r.bound, nodes: len(r.ops), edges: make([]edge, 0, 2*len(r.ops))}
	for i := range r.bound.UpTo(len(r.ops)) {
		if r.place(int32(i)) > 0 {
			g.add(int32(i)-1, int32(i), programOrder)
		}
		if from := r.ops[i].from; from >= 0 {
			g.add(from, int32(i), readsFrom)
		}
	}
	return g
}

// walk goes through the ops of a session. Enter is told of the ops that come before one and came before none of those before
// it: a range of ops of one session at a time, and the op that brings them. Then do is told of that op, and then enter of
// it alone.
func (k *causality) walk(session int32, c *clock, enter func(s span), do func(i int32)) {
	known := make([]int32, k.sessionCount)
	for i := k.sessions[session].begin; i < k.sessions[session].end; i++ {
		if from := k.ops[i].from; from >= 0 {
			c.Spend(k.sessionCount)
			for q, n := range k.clock(from) {
				if n > known[q] {
					begin := k.sessions[q].begin
					enter(span{begin + known[q], begin + n})
					known[q] = n
				}
			}
		}
		do(i)
		enter(span{i, i + 1})
		known[session]++
	}
}

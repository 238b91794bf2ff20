package ladder

import (
	"cmp"

	"faultline/history"
	"faultline/internal/timebound"
)

// proposal is an order of all ops by the log index that the system claims, or by invocation if it does not claim one for
// everything that returned. It is no evidence: what comes of it is verified, or only the first guess of a search.
func (r *reading) proposal() []int32 {
	order := r.everything()
	byInvocation := func(a, b int32) int { return cmp.Compare(r.op(a).Invoked, r.op(b).Invoked) }
	index, ok := r.indexes()
	if !ok {
		timebound.SortFunc(r.bound, order, byInvocation)
		return order
	}
	depth := r.depths(index)
	rank := func(i int32) int {
		switch {
		case !r.ops[i].writes:
			return 2
		case r.open(i):
			return 0
		default:
			return 1
		}
	}
	timebound.SortFunc(r.bound, order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(index[a], index[b]), cmp.Compare(rank(a), rank(b)), cmp.Compare(depth[a], depth[b]), byInvocation(a, b))
	})
	return order
}

// proposalOf is that of some ops, by the numbers that they have among themselves.
func (r *reading) proposalOf(keep []bool) []int32 {
	number, kept := make([]int32, len(r.ops)), int32(0)
	for i := range r.bound.UpTo(len(r.ops)) {
		if number[i] = kept; keep[i] {
			kept++
		}
	}
	var order []int32
	r.bound.Spend(len(r.ops))
	for _, i := range r.proposal() {
		if keep[i] {
			order = append(order, number[i])
		}
	}
	return order
}

// open reports whether an op ended in info.
func (r *reading) open(i int32) bool { return r.op(i).Outcome == history.Info }

// indexes are the log indexes of all ops; false if one is missing. A write that ended in info has none. It gets that of the first
// op that saw its value, and comes right before that: until then nothing on its key can have come after it.
func (r *reading) indexes() (index []uint64, ok bool) {
	const none = ^uint64(0)
	index = make([]uint64, len(r.ops))
	for i := range r.bound.UpTo(len(r.ops)) {
		if index[i] = r.op(int32(i)).LogIndex; r.open(int32(i)) {
			index[i] = none
		} else if index[i] == 0 && (r.ops[i].writes || r.ops[i].from != initial) {
			return nil, false
		} // a node that has applied nothing yet, as after it has started again, reads what there is at the start
	}
	for i := range r.bound.UpTo(len(r.ops)) {
		for at, from := int32(i), r.ops[i].from; from >= 0 && r.open(from) && index[at] < index[from]; at, from = from, r.ops[from].from {
			r.bound.Spend(1)
			index[from] = index[at]
		}
	}
	return index, true
}

// depths put writes that ended in info and saw one another at the same index in order.
func (r *reading) depths(index []uint64) []int32 {
	depth := make([]int32, len(r.ops))
	for i := range r.bound.UpTo(len(r.ops)) {
		if !r.open(int32(i)) {
			continue
		}
		for from := r.ops[i].from; from >= 0 && r.open(from) && index[from] == index[i] && int(depth[i]) < len(r.ops); from = r.ops[from].from {
			r.bound.Spend(1)
			depth[i]++
		}
	}
	return depth
}

// explains reports whether an order of all ops keeps that of each session and has each read see the last write before it. It
// takes linear time.
func (r *reading) explains(order []int32) bool {
	if len(order) != len(r.ops) {
		return false
	}
	next := make([]int32, len(r.sessions))
	held := make([]int32, len(r.keys))
	for k := range held {
		held[k] = initial
	}
	r.bound.Spend(len(order))
	for _, i := range order {
		o := &r.ops[i]
		if r.place(i) != next[o.session] || o.reads() && o.from != held[o.key] {
			return false
		}
		next[o.session]++
		if o.writes {
			held[o.key] = i
		}
	}
	return true
}

package ladder

import (
	"cmp"
	"slices"

	"faultline/history"
)

// proposal is an order of all ops by the log index that the system claims, and where it claims none by invocation. It is no
// evidence: what comes of it is verified, or only the first guess of a search.
//
// A write that ended in info has no index. Its place is right before the first op that saw its value: until then nothing
// on its key can have come after it.
func (r *reading) proposal() []int32 {
	index, depth := make([]uint64, len(r.ops)), make([]int32, len(r.ops))
	const none = ^uint64(0)
	unplaced := []int32{}
	for i := range r.ops {
		if index[i] = r.op(int32(i)).LogIndex; index[i] == 0 && r.op(int32(i)).Outcome == history.Info {
			index[i] = none
			unplaced = append(unplaced, int32(i))
		}
	}
	place := func(i int32) {
		for from := r.ops[i].from; from >= 0 && r.op(from).LogIndex == 0 && r.op(from).Outcome == history.Info && index[i] < index[from]; from = r.ops[i].from {
			index[from] = index[i]
			i = from
		}
	}
	for i := range r.ops {
		if index[i] != none {
			place(int32(i))
		}
	}
	for _, i := range unplaced { // a chain of them is in the order in which one saw the other
		for from := r.ops[i].from; from >= 0 && index[from] == index[i] && depth[i] <= int32(len(unplaced)); from = r.ops[from].from {
			depth[i]++
		}
	}
	rank := func(i int32) int {
		switch {
		case !r.ops[i].writes:
			return 2
		case r.op(i).Outcome == history.Info:
			return 0
		default:
			return 1
		}
	}
	order := make([]int32, len(r.ops))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(index[a], index[b]), cmp.Compare(rank(a), rank(b)), cmp.Compare(depth[a], depth[b]),
			cmp.Compare(r.op(a).Invoked, r.op(b).Invoked))
	})
	return order
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

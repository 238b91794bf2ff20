package registers

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
	"faultline/internal/timebound"
)

// Versions are what is known of the order of the versions of all keys.
type Versions struct {
	history *record.History
	final   []bool     // of each step, whether it is the last write of its transaction to its key
	orders  []Order    // by the later version, then the earlier one
	readers *byVersion // of all versions, once a reason was asked for
	// Cyclic are the circles that were found, each with the level at which it came up. What led to it at that level is not among
	// the orders.
	Cyclic []Circle
}

// Order says that a version comes before another of the same key. A version is the step that wrote it.
type Order struct {
	From, To int32
	Level    models.Level
	// Before and After are the transactions that show it: one that reads From and writes To if they are the same, else two that come in
	// this order in a session or in real time.
	Before, After int32
}

// Circle is a circle of versions of one key: each comes before the next, and the last before the first.
type Circle struct {
	Key    int32
	Level  models.Level
	Orders []Order
}

// Infer finds the order of versions, from what the models of a level promise. It returns nil if stop is closed before that is done.
func Infer(h *record.History, level models.Level, stop <-chan struct{}) *Versions {
	v := &Versions{history: h, final: h.Finals()}
	var touches []touch
	for key := range int32(h.Keys.Len()) {
		if timebound.Closed(stop) {
			return nil
		}
		touches = v.touches(key, touches[:0], level == models.Data)
		v.orderKey(key, touches, level)
	}
	slices.SortFunc(v.orders, func(a, b Order) int { return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From)) })
	return v
}

// orderKey orders the versions of a key, level by level. What would close a circle is not part of it. Within a level, that a transaction
// wrote something comes first, so that of a stale read the order of the writes is kept.
func (v *Versions) orderKey(key int32, touches []touch, upTo models.Level) {
	if len(touches) == 0 {
		return
	}
	var known []Order
	for level := models.Data; level <= upTo; level++ {
		written, seen := v.apart(v.bySource(touches, level))
		known = v.extended(key, level, known, written)
		known = v.extended(key, level, known, seen)
	}
	v.orders = append(v.orders, known...)
}

// apart takes orders apart: those whose later version was written by the transaction that shows the order, and those where it was read.
func (v *Versions) apart(orders []Order) (written, seen []Order) {
	for _, o := range orders {
		if v.history.Steps.Txn[o.To] == o.After {
			written = append(written, o)
		} else {
			seen = append(seen, o)
		}
	}
	return written, seen
}

// bySource is what one source says.
func (v *Versions) bySource(touches []touch, level models.Level) []Order {
	switch level {
	case models.Data:
		return v.writesFollowReads(touches)
	case models.Process:
		return v.bySession(touches)
	default:
		return v.byRealtime(touches)
	}
}

func (v *Versions) writesFollowReads(touches []touch) []Order {
	var found []Order
	for _, t := range touches {
		if t.first >= 0 && t.first != t.last {
			found = append(found, Order{t.first, t.last, models.Data, t.txn, t.txn})
		}
	}
	return found
}

// bySession goes through the transactions of each session. One that is not known to have ended may take effect later.
func (v *Versions) bySession(touches []touch) []Order {
	var found []Order
	latest := map[int32]touch{}
	for _, t := range touches {
		process := v.history.Process[t.txn]
		if before, ok := latest[process]; ok {
			found = follow(found, before, t, models.Process)
		}
		if v.history.Returned[t.txn] != record.Never {
			latest[process] = t
		}
	}
	return found
}

// byRealtime goes through the invocations and returns in order, and keeps the frontier: those that have returned, and before whose return
// no other of the frontier was invoked. Whoever is invoked comes after these, and through them after all others that have returned.
func (v *Versions) byRealtime(touches []touch) []Order {
	h := v.history
	returning := slices.Clone(touches)
	slices.SortFunc(returning, func(a, b touch) int { return cmp.Compare(h.Returned[a.txn], h.Returned[b.txn]) })
	var found []Order
	var frontier []touch
	for _, t := range touches {
		for ; h.Returned[returning[0].txn] < h.Invoked[t.txn]; returning = returning[1:] {
			r := returning[0]
			frontier = append(slices.DeleteFunc(frontier, func(f touch) bool { return h.Returned[f.txn] < h.Invoked[r.txn] }), r)
		}
		for _, before := range frontier {
			found = follow(found, before, t, models.Realtime)
		}
	}
	return found
}

// follow adds that what a transaction saw or wrote comes before what a later one did, unless that is the same or known.
func follow(found []Order, before, after touch, level models.Level) []Order {
	if before.last < 0 || after.first < 0 || before.last == after.first {
		return found
	}
	return append(found, Order{before.last, after.first, level, before.txn, after.txn})
}

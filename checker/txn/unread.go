package txn

import (
	"faultline/checker"
	"faultline/checker/txn/internal/exact"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/models"
)

// Nobody knows in which order appends came that nobody read. Where no cycle goes through two of them they can come in the order of the
// transactions, and nothing follows from that. Otherwise a level that permits some cycles may still be broken by either order: two transactions that
// append to one list, and each of which misses what the other wrote elsewhere, are no more than write skew as long as it is not known
// which of the appends came first, and are no snapshot isolation whichever did.

// unread reports whether the order of appends that nobody read may matter: two to one list are of transactions that depend on each other.
func (l *listData) unread(a *analysis, level models.Level) bool {
	if len(a.examples) == 0 {
		return false
	}
	in := a.input(l.Relation)
	component := map[int32]int{}
	for i, txns := range graph.Components(&in, level) {
		for _, t := range txns {
			component[t] = i + 1
		}
	}
	for txns := range l.Unread {
		seen := map[int]bool{}
		for _, t := range txns {
			if c := component[t]; c > 0 && seen[c] {
				return true
			} else if c > 0 {
				seen[c] = true
			}
		}
	}
	return false
}

// bySnapshots decides forms of snapshot isolation of lists: by their anomalies, and by search where the order of unread appends may matter.
func bySnapshots(level models.Level, o exact.Options) decider {
	return func(a *analysis) answer {
		if !a.data.(*listData).unread(a, level) {
			return answer{validity: checker.Valid}
		}
		return byExact(exact.SnapshotIsolation, o)(a)
	}
}

// ifUnread decides levels that forbid some cycles and not all: what is found refutes them. Where nothing is found and the order of unread appends may
// matter, another decider looks for one.
func ifUnread(decide, order decider) decider {
	return func(a *analysis) answer {
		if found := decide(a); found.validity != checker.Valid || !a.data.(*listData).unread(a, models.Data) {
			return found
		}
		return order(a)
	}
}

// ordered are the writers of what was read of each list, where all reads agree. What nobody read comes behind.
func (l *listData) ordered(number []int32) [][]int32 {
	h := l.record
	ordered := make([][]int32, h.Keys.Len())
	for key := range ordered {
		base := h.Lists.Base[key]
		for _, write := range h.Lists.Writer[base : base+h.Lists.Agreed[key]] {
			if write >= 0 && h.Committed[h.Steps.Txn[write]] && l.final(write) {
				ordered[key] = append(ordered[key], number[h.Steps.Txn[write]])
			}
		}
	}
	return ordered
}

func (l *listData) final(step int32) bool {
	if l.finals == nil {
		l.finals = l.record.Finals()
	}
	return l.finals[step]
}

package txn

import (
	"faultline/checker"
	"faultline/checker/txn/internal/exact"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/wr"
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

// unlessUnread decides levels that forbid some cycles and not all: what is found refutes them. Where nothing is found and the order of unread
// appends may matter, they are only known to be kept if a stronger level is.
func unlessUnread(decide decider, stronger ...decider) decider {
	return func(a *analysis) answer {
		if found := decide(a); found.validity != checker.Valid || !a.data.(*listData).unread(a, models.Data) {
			return found
		}
		for _, decide := range stronger {
			if found := decide(a); found.validity == checker.Valid {
				return found
			}
		}
		return answer{finding: checker.Finding{Sentence: "what level the transactions keep depends on the order of appends that nobody read"}}
	}
}

// previous is a read of the version that an append follows, where it is known: it forces the order of versions on a search that knows
// registers only. It is no read that anything else follows from, as no other append follows that version.
func (l *listData) previous(step int32, number []int32) (e wr.Event, ok bool) {
	h := l.record
	place, key := h.Steps.Saw[step], h.Steps.Key[step]
	if place < 0 {
		return e, false
	}
	if place == h.Lists.Base[key] {
		return wr.Event{Key: key, From: wr.Initial}, true
	}
	writer := h.Lists.Writer[place-1]
	if writer < 0 || h.Steps.Txn[writer] == h.Steps.Txn[step] || !h.Committed[h.Steps.Txn[writer]] {
		return e, false
	}
	return wr.Event{Key: key, From: number[h.Steps.Txn[writer]]}, true
}

func (l *listData) final(step int32) bool { return nextWrite(l.record, step) < 0 }

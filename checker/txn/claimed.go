package txn

import (
	"math"

	"faultline/checker/txn/internal/wr"
)

// claimed ranks transactions by the position that the store claims for each in the order of commits, as Chronos (Li et al., arXiv 2504.01477, 2025) checks
// histories with timestamps; nil if it claims none. A claim is a hint: an order that explains all reads shows a level whoever proposed it, and one
// that does not shows nothing. Where a position is unknown the transaction comes just before the first that read from it, else last.
func (a *analysis) claimed(w writeRead) []int64 {
	rank := make([]int64, w.Len())
	some := false
	for t := range rank {
		rank[t] = math.MaxInt64
		if at := a.position(w, int32(t)); at > 0 {
			rank[t], some = 2*at, true // with room for one that precedes it
		}
	}
	if !some {
		return nil
	}
	for t := range int32(w.Len()) {
		for _, e := range w.Of(t) {
			if at := a.position(w, t); e.From != wr.Initial && !e.IsWrite() && at > 0 && a.position(w, e.From) == 0 {
				rank[e.From] = min(rank[e.From], 2*at-1)
			}
		}
	}
	return rank
}

// position is what the store claims for a transaction, 0 for none.
func (a *analysis) position(w writeRead, t int32) int64 { return int64(a.ops[w.txns[t]].LogIndex) }

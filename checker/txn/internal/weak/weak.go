// Package weak decides whether a history of registers is read committed, read atomic or causally consistent, and shows
// cycles if it is not.
//
// The levels are those of Biswas and Enea (On the Complexity of Checking Transactional Consistency, OOPSLA 2019). Each asks
// for a total order of the transactions, the commit order, that contains session order and write-read, and in which no read
// misses a write that its transaction has seen: if a transaction reads a key from T1 and has seen T2, which writes the key
// too, then T2 comes before T1. The levels differ in what a transaction has seen at a read:
//
//   - read committed: those that it read from before, in program order;
//   - read atomic: those that it reads from anywhere, and those that came before it in its session;
//   - causal: all that lead to it through session order and write-read.
//
// So each level is decided by one search for a cycle, once enough of the pairs T2, T1 are known. To find them quickly is
// what AWDIT (Møldrup and Pavlogiannis, PLDI 2025) is about: only the last T2 of each session, or of another path of what leads to each other, matters, and the keys that two
// transactions have in common are found from the smaller of them. Read committed and read atomic take time in O(n^1.5) for n
// events, causal in O(n·k) for k such paths. Causal is convergent causal consistency: clients agree on who overwrote whom.
//
// Session order is part of all three. Adya's PL-2 knows no sessions: for that give each transaction a session of its own.
package weak

import (
	"fmt"

	"faultline/checker/txn/internal/wr"
)

// Level is an isolation level.
type Level uint8

const (
	ReadCommitted Level = iota + 1
	ReadAtomic
	Causal
)

var levelNames = [...]string{ReadCommitted: "read-committed", ReadAtomic: "read-atomic", Causal: "causal"}

func (l Level) String() string {
	if l == 0 || int(l) >= len(levelNames) {
		return fmt.Sprintf("Level(%d)", uint8(l))
	}
	return levelNames[l]
}

// Result is the answer for one level.
type Result struct {
	// Order is a commit order that shows that the history has the level; nil if it has not.
	Order      []int32
	Violations []Violation // what shows that it has not; the first few, each of other transactions
}

// Valid tells whether the history has the level.
func (r *Result) Valid() bool { return len(r.Violations) == 0 }

// enough violations are shown.
const enough = 8

// Check decides whether a history has a level. The history must be as wr.History.Check wants it. Reads that come after a write of
// their own transaction to the same key are judged as all others; others find them. The result is nil if stop, which may be nil, is closed before it is
// known.
func Check(h *wr.History, level Level, stop <-chan struct{}) *Result {
	r := newRelation(h, stop)
	if level == Causal {
		components := r.components()
		if len(components.cyclic) > 0 {
			return &Result{Violations: r.violations(components.cyclic)}
		}
		if !r.inferCausal(components.order) {
			return nil
		}
	} else if !r.inferDirect(level) {
		return nil
	}
	if len(r.stale) > 0 {
		return &Result{Violations: r.staleReads()}
	}
	r.arrange()
	components := r.components()
	if len(components.cyclic) > 0 {
		return &Result{Violations: r.violations(components.cyclic)}
	}
	return &Result{Order: components.order}
}

package cause

import (
	"fmt"

	"faultline/history"
)

// lostUpdate is the anomaly of two operations that both found what was there only once.
const lostUpdate = "lost update"

// bothTook says who acknowledged two cas that expected the same value, and where; empty if there are none.
func (r *record) bothTook(answers []answer) string {
	for i, b := range answers {
		for _, a := range answers[:i] {
			if !took(a.Operation) || !took(b.Operation) || a.Key != b.Key || a.LogIndex == b.LogIndex {
				continue
			}
			one, _ := half(a.Operation, 0)
			other, _ := half(b.Operation, 0)
			if !one.Equal(other) {
				continue
			}
			if a.LogIndex > b.LogIndex {
				a, b = b, a
			}
			if a.by == b.by && a.by.leads() {
				return fmt.Sprintf("%s acknowledged both in %s, at index %d and at index %d", a.Node(), r.term(a.by.term), a.LogIndex, b.LogIndex)
			}
			return fmt.Sprintf("%s acknowledged one at index %d%s, and %s the other at index %d%s",
				a.Node(), a.LogIndex, r.inTerm(a), b.Node(), b.LogIndex, r.inTerm(b))
		}
	}
	return ""
}

// took reports whether an operation is a cas that found what it expected, at an index that is known.
func took(op *history.Operation) bool {
	return op.F == "cas" && op.Outcome == history.OK && op.LogIndex > 0
}

// inTerm is the term in which a leader acknowledged.
func (r *record) inTerm(a answer) string {
	if !a.by.leads() {
		return ""
	}
	return " in " + r.term(a.by.term)
}

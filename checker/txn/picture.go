package txn

import (
	"fmt"
	"strings"

	"faultline/checker"
	"faultline/checker/txn/internal/graph"
	"faultline/history"
)

// picture has a lane for each transaction of a finding, in order of their names, and below them the edges of the cycle.
func (a *analysis) picture(shown []int32, edges []graph.Edge, n *names) string {
	var lanes []checker.Interval
	for i, t := range shown {
		op := &a.ops[t]
		lanes = append(lanes, checker.Interval{Label: fmt.Sprintf("T%d  process %d  %s", i+1, op.Process, a.transaction(t)),
			Invoked: op.Invoked, Returned: op.Returned, UntilEver: op.Outcome == history.Info})
	}
	text := checker.Picture(lanes)
	if len(edges) == 0 {
		return text
	}
	var b strings.Builder
	b.WriteString(text + "\n" + n.short(edges[0].From))
	for _, e := range edges {
		fmt.Fprintf(&b, " ─%v→ %s", e.Kind, n.short(e.To))
	}
	return b.String() + "\n"
}

// involved are the transactions of a finding.
func (a *analysis) involved(shown []int32) []checker.Involved {
	var all []checker.Involved
	for _, t := range shown {
		op := &a.ops[t]
		returned := int(op.Returned)
		if op.Outcome == history.Info {
			returned = -1
		}
		all = append(all, checker.Involved{Process: int(op.Process), Text: a.transaction(t), Invoked: int(op.Invoked), Returned: returned})
	}
	return all
}

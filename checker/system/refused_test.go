package system

import (
	"context"
	"strings"
	"testing"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
)

// A cluster that does not come back is no violation if a node was refused what only a world refuses it.
func TestRefusedNodes(t *testing.T) {
	refused := &report.Report{Refused: []report.Refusal{{Time: 7500 * time.Millisecond, Node: "n1", What: "make a pipe"}}}
	for name, c := range map[string]struct {
		checker checker.Checker
		ending  checker.Ending
	}{
		"recovered": {Recovered(), checker.Ending{}},
		"caught up": {CaughtUp(), checker.Ending{Served: true, Behind: []string{"n1"}}},
		"available": {Available(time.Second), checker.Ending{}},
	} {
		in := checker.Input{Report: &report.Report{}, Ending: c.ending, TimeLimit: 10 * time.Second}
		if p := c.checker.Check(context.Background(), in, checker.Options{}); p.Validity != checker.Invalid {
			t.Errorf("%s: %v: %s", name, p.Validity, p.Reason)
		}
		in.Report = refused
		p := c.checker.Check(context.Background(), in, checker.Options{})
		if p.Validity != checker.Unknown || len(p.Findings) > 0 || !strings.HasSuffix(p.Reason, "; perhaps only because n1 cannot make a pipe in a closed world, which it wanted to do at 7.500s") {
			t.Errorf("%s: %v: %s", name, p.Validity, p.Reason)
		}
	}
}

package system

import (
	"context"
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
)

// Every finding names the rule that is broken, and when that came to light.
func TestFindings(t *testing.T) {
	const s = time.Second
	r := &report.Report{Violations: []report.Violation{
		{Time: 3 * s, Node: "n2", Rule: "log matching", Text: "n1 and n2 differ at 7"},
		{Time: 4 * s, Node: "n3", Rule: "election safety", Text: "n1 and n3 both led in term 3"},
		{Time: 5 * s, Node: "n1", Rule: "log matching", Text: "n1 and n3 differ at 9"},
	}}
	for _, tt := range []struct {
		name   string
		ending checker.Ending
		want   []checker.Finding
	}{
		{checker.InvariantsPart, checker.Ending{}, []checker.Finding{
			{Rule: "log matching", On: "n2", Validity: checker.Invalid, At: 3 * s}, {Rule: "election safety", On: "n3", Validity: checker.Invalid, At: 4 * s}}},
		{checker.TestedPart, checker.Ending{}, []checker.Finding{{Rule: "tested"}}},
		{checker.RecoveredPart, checker.Ending{Settled: 70 * s}, []checker.Finding{{Rule: "recovered", Validity: checker.Invalid, At: 70 * s}}},
		{checker.RecoveredPart, checker.Ending{Served: true, Settled: 70 * s}, nil},
		{checker.CaughtUpPart, checker.Ending{Served: true, Behind: []string{"n4", "n5"}, Settled: 70 * s}, []checker.Finding{
			{Rule: "caught up", On: "n4, n5", Validity: checker.Invalid, At: 70 * s}}},
	} {
		all := Checkers()
		c := all[slices.IndexFunc(all, func(c checker.Checker) bool { return c.Name() == tt.name })]
		p := c.Check(context.Background(), checker.Input{Report: r, Ending: tt.ending}, checker.Options{})
		for i := range p.Findings {
			if p.Findings[i].Sentence == "" {
				t.Errorf("%s: no sentence", tt.name)
			}
			p.Findings[i].Sentence = ""
		}
		same := func(a, b checker.Finding) bool {
			return a.Rule == b.Rule && a.On == b.On && a.Validity == b.Validity && a.At == b.At
		}
		if p.Name != tt.name || !slices.EqualFunc(p.Findings, tt.want, same) {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
}

// Until a node first reaches a majority there is none, and what was lost stays lost until the end.
func TestWithoutQuorum(t *testing.T) {
	quorum := []report.Quorum{{Time: 1, Has: true}, {Time: 5, Has: false}, {Time: 7, Has: true}, {Time: 9, Has: false}}
	want := []stats.Span{{Begin: 0, End: 1}, {Begin: 5, End: 7}, {Begin: 9, End: 12}}
	if got := withoutQuorum(quorum, 12); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

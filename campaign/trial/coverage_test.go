package trial

import (
	"slices"
	"testing"
	"time"

	"faultline/cluster/report"
	"faultline/history"
	"faultline/results"
)

// A fault is counted by the state that it met: a crash of the only leader in a quiet cluster, what comes beside a cut,
// what comes while nobody leads, and what comes while two believe that they do.
func TestCoverage(t *testing.T) {
	fault := func(at time.Duration, kind, subject string) history.Event {
		return history.Event{Type: history.Info, Process: history.Nemesis, F: kind, Key: subject, Time: at * time.Second, Value: history.TextValue("x")}
	}
	ended := func(at time.Duration, subject string) history.Event {
		return history.Event{Type: history.Info, Process: history.Nemesis, F: "end", Key: subject, Time: at * time.Second}
	}
	role := func(at time.Duration, node, role string) report.Transition {
		return report.Transition{Time: at * time.Second, Node: node, Role: role}
	}
	got := coverage(history.Faults([]history.Event{
		fault(1, "crash", "n5"), // before anybody leads
		ended(2, "n5"),
		fault(4, "crash", "n1"),
		fault(6, "partition", "network"),
		fault(7, "pause", "n3"),
		ended(8, "network"),
		fault(9, "pause", "n2"),
	}), []report.Transition{
		role(3, "n1", "leader"), role(4, "n1", "down"),
		role(6, "n2", "leader"), // at the very instant of the partition, which met a cluster without a leader
		role(8, "n4", "leader"),
	}, nil)
	want := results.Coverage{
		{Kind: "crash", Led: 1, Electing: 1},
		{Kind: "partition", Electing: 1},
		{Kind: "pause", Hurt: 1, Contested: 1},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := coverage(history.Faults([]history.Event{fault(1, "crash", "n5")}), []report.Transition{role(0, "n5", "member")}, nil); !slices.Equal(got, results.Coverage{{Kind: "crash", Led: 1}}) {
		t.Errorf("of a system that does not tell who leads: %+v", got)
	}
	shards := [][]string{{"n1", "n2"}, {"n3", "n4"}}
	lead := []report.Transition{role(0, "n1", "leader"), role(2, "n3", "leader"), role(4, "n2", "leader")}
	got = coverage(history.Faults([]history.Event{fault(1, "crash", "n5"), fault(3, "pause", "n4"), fault(5, "loss", "n1")}), lead, shards)
	if !slices.Equal(got, results.Coverage{{Kind: "crash", Electing: 1}, {Kind: "loss", Contested: 1}, {Kind: "pause", Hurt: 1}}) {
		t.Errorf("of two groups: %+v", got)
	}
	sum := slices.Clone(want)
	sum.Add(results.Coverage{{Kind: "crash", Led: 2}, {Kind: "loss", Hurt: 1}})
	if k := *sum.Kind("crash"); k.Led != 3 || len(sum) != 4 || sum[1].Kind != "loss" {
		t.Errorf("the sum is %+v", sum)
	}
	if s, text := sum.String(), "4 kinds of fault: 1 in a quiet cluster, 2 during other faults, 2 without a leader, 1 with two leaders"; s != text {
		t.Errorf("in words: %s", s)
	}
}

package system

import (
	"testing"

	"faultline/checker"
	"faultline/history/stats"
)

func TestTested(t *testing.T) {
	run := func(invoked, ok, refused, faults int) stats.Statistics {
		s := stats.Statistics{Functions: []stats.FunctionStats{{F: "read", OK: invoked}}}
		p := stats.PhaseStats{Phase: stats.Healthy, Invoked: invoked, OK: ok, Refused: refused}
		p.Availability = float64(ok+refused) / float64(invoked)
		s.Phases = []stats.PhaseStats{p}
		if faults > 0 {
			s.Faults = []stats.FaultStats{{Kind: "crash", Count: faults}}
		}
		return s
	}
	for _, c := range []struct {
		name   string
		stats  stats.Statistics
		faults bool
		want   checker.Validity
		reason string
	}{
		{"served and hurt", run(100, 90, 5, 3), true, checker.Valid, "95 of 100 operations were served while the system was healthy, and 3 faults took effect"},
		{"served, no faults wanted", run(100, 90, 0, 0), false, checker.Valid, "90 of 100 operations were served while the system was healthy, and 0 faults took effect"},
		{"no faults though wanted", run(100, 90, 0, 0), true, checker.Unknown, "this tested nothing: faults were wanted and none took effect"},
		{"too few", run(9, 9, 0, 1), true, checker.Unknown, "this tested nothing: of 9 operations invoked while the system was healthy only 9 were served"},
		{"too small a share", run(1000, 50, 0, 1), true, checker.Unknown, "this tested nothing: of 1,000 operations invoked while the system was healthy only 50 were served"},
		{"nothing", stats.Statistics{}, false, checker.Unknown, "this tested nothing: no client invoked an operation"},
	} {
		if p := tested(c.stats, c.faults); p.Validity != c.want || p.Reason != c.reason {
			t.Errorf("%s: %v: %s", c.name, p.Validity, p.Reason)
		}
	}
}

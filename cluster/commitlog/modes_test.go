package commitlog_test

import (
	"cmp"
	"os"
	"slices"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/effects"
	"faultline/checker/views"
	_ "faultline/cluster/kinds"
	"faultline/internal/kindtest"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

func spec(mode, workload string) world.Spec {
	s := kindtest.Spec("commitlog", mode)
	s.Workload = workload
	return s
}

// broken are what the findings of a run are about. They are all of one part.
func broken(t *testing.T, r *trial.Trial, of string) (kinds []string) {
	t.Helper()
	for _, part := range r.Verdict.Parts {
		if part.Validity != checker.Valid && part.Name != of {
			t.Errorf("seed %d: %s: %s", r.Seed, part.Name, part.Reason)
		}
		for _, f := range part.Findings {
			kinds = append(kinds, cmp.Or(f.Anomaly, f.Rule))
		}
	}
	return kinds
}

// TestWeakModesAreRefuted: each breaks what its design permits to break, and nothing else.
func TestWeakModesAreRefuted(t *testing.T) {
	for _, c := range []struct{ mode, workload, part, breaks, keeps string }{
		{"retries", "stream", delivery.LogPart, "duplicated record", "lost record"},
		{"acks-1", "stream", delivery.LogPart, "lost record", "vanished record"}, // what consumers saw stays
		{"acks-0", "stream", delivery.LogPart, "lost record", "duplicated record"},
		{"at-least-once", "processing", effects.Part, "doubled", "lost"},
		{"at-most-once", "processing", effects.Part, "lost", "doubled"},
		{"dual-writes", "derived", views.Part, "agreed", "prefix"},
	} {
		t.Run(c.mode, func(t *testing.T) {
			s := spec(c.mode, c.workload)
			var seen []string
			for seed := uint64(1); seed <= 20 && !slices.Contains(seen, c.breaks); seed++ {
				if seen = broken(t, kindtest.Run(t, s, seed), c.part); slices.Contains(seen, c.keeps) {
					t.Errorf("seed %d: %s", seed, c.keeps)
				}
			}
			if !slices.Contains(seen, c.breaks) {
				t.Errorf("it shows no %s", c.breaks)
			}
		})
	}
}

// TestIdempotent keeps all it claims.
func TestIdempotent(t *testing.T) {
	for _, workload := range []string{"stream", "processing", "derived"} {
		kindtest.Valid(t, spec("idempotent", workload), 1)
	}
}

// TestTransactions keeps all it claims, and consumers who do not wait for a decision read what is aborted. Nothing is lost for that.
func TestTransactions(t *testing.T) {
	s := spec("read-uncommitted", "transactional")
	s.TimeLimit, s.Nemesis = 2*time.Second, nil
	if seen := broken(t, kindtest.Run(t, s, 1), delivery.LogPart); !slices.Equal(seen, slices.Repeat([]string{"aborted read"}, len(seen))) || len(seen) == 0 {
		t.Errorf("read-uncommitted: %v", seen)
	}
	for _, workload := range []string{"transactional", "processing"} {
		s := spec("transactions", workload)
		s.TimeLimit, s.Interval = 4*time.Second, time.Second
		kindtest.Valid(t, s, 1)
	}
}

// TestUncleanElections lose what nobody in sync lives to tell, where clean ones wait. Drawn faults hardly ever show that: whoever reaches the
// controller mostly reaches the leader too.
func TestUncleanElections(t *testing.T) {
	schedule, err := os.ReadFile("../../docs/course/unclean.txt")
	if err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[string]checker.Validity{"unclean": checker.Invalid, "idempotent": checker.Valid} {
		s := spec(mode, "stream")
		s.Nodes, s.Nemesis = 5, nil
		if v := kindtest.Scheduled(t, s, 1, string(schedule)).Verdict; v.Validity != want {
			t.Errorf("%s: %v, %s", mode, v.Validity, v.Reason)
		}
	}
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := spec("idempotent", "stream")
	s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
	kindtest.Repeats(t, s, 7)
}

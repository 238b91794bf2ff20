package commitlog_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/cluster"
	_ "faultline/cluster/kinds"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	os.Exit(m.Run())
}

// spec is one of runs as the command line makes them, but shorter.
func spec(mode string) world.Spec {
	return world.Spec{System: "commitlog", Mode: mode, TimeLimit: 20 * time.Second, Rate: 200, Concurrency: 10, Workload: "stream",
		Nemesis: []string{"partition", "crash"}, Interval: 5 * time.Second, Clock: world.Virtual}
}

func run(t *testing.T, s world.Spec, seed uint64, schedule string) *trial.Trial {
	t.Helper()
	s.Seed = seed
	in, err := trial.Draw(s, schedule)
	if err != nil {
		t.Fatal(err)
	}
	r, err := trial.Local{}.Run(t.Context(), in)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return r
}

// broken are the anomalies of a run, of which each was in its logs.
func broken(t *testing.T, r *trial.Trial) (anomalies []string) {
	t.Helper()
	for _, part := range r.Verdict.Parts {
		if part.Validity != checker.Valid && part.Name != delivery.LogPart {
			t.Errorf("seed %d: %s: %s", r.Seed, part.Name, part.Reason)
		}
		for _, f := range part.Findings {
			anomalies = append(anomalies, f.Anomaly)
		}
	}
	return anomalies
}

// TestWeakModesAreRefuted: each breaks what its design permits to break, and nothing else.
func TestWeakModesAreRefuted(t *testing.T) {
	for mode, anomaly := range map[string]string{"retries": "duplicated record", "acks-1": "lost record"} {
		var seen []string
		for seed := uint64(1); seed <= 20 && !slices.Contains(seen, anomaly); seed++ {
			seen = broken(t, run(t, spec(mode), seed, ""))
		}
		if !slices.Contains(seen, anomaly) {
			t.Errorf("%s shows no %s", mode, anomaly)
		}
	}
}

// TestIdempotent keeps all it claims.
func TestIdempotent(t *testing.T) {
	for seed := range uint64(2) {
		if v := run(t, spec("idempotent"), seed+1, "").Verdict; v.Validity != checker.Valid {
			t.Errorf("seed %d: %s", seed+1, v.Reason)
		}
	}
}

// TestUncleanElections lose what nobody in sync lives to tell, where clean ones wait.
func TestUncleanElections(t *testing.T) {
	kind, err := cluster.KindByName("commitlog")
	if err != nil {
		t.Fatal(err)
	}
	scenario := kind.Scenarios[0]
	for mode, want := range map[string]checker.Validity{"unclean": checker.Invalid, "idempotent": checker.Valid} {
		if v := run(t, spec(mode).Staged(scenario), 1, scenario.Schedule).Verdict; v.Validity != want {
			t.Errorf("%s: %v, %s", mode, v.Validity, v.Reason)
		}
	}
}

// TestRunsRepeat, to the byte.
func TestRunsRepeat(t *testing.T) {
	s := spec("idempotent")
	s.Nemesis = []string{"partition", "crash", "pause", "disk-slow"}
	if a, b := run(t, s, 7, ""), run(t, s, 7, ""); a.Digest != b.Digest {
		t.Errorf("%v and %v", a.Digest, b.Digest)
	}
}

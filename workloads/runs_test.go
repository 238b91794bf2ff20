package workloads_test

import (
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/workloads/internal/fakestore"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	m.Run()
}

// fake is a spec of a world of the fake store, under partitions, crashes and losses of power.
func fake(workload, bug string) world.Spec {
	return world.Spec{Seed: 1, TimeLimit: 10 * time.Second, Rate: 200, Concurrency: 6, Workload: workload, System: fakestore.Name, Mode: fakestore.Mode,
		Nemesis: []string{"partition", "crash"}, Interval: 2 * time.Second, Clock: world.Virtual, Bug: bug}
}

func runFake(t *testing.T, spec world.Spec) *trial.Trial {
	t.Helper()
	if err := spec.Validate(); err != nil {
		t.Fatal(err)
	}
	in, err := trial.Draw(spec, "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := trial.Local{}.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// A store that does what it says is valid by every workload.
func TestRunsOfASoundStore(t *testing.T) {
	for _, workload := range []string{"stream", "watch", "lease", "multi-register", "maintenance"} {
		t.Run(workload, func(t *testing.T) {
			v := runFake(t, fake(workload, "")).Verdict
			for _, p := range v.Parts {
				t.Logf("%s: %v: %s", p.Name, p.Validity, p.Reason)
			}
			if v.Validity != checker.Valid {
				t.Errorf("%v: %s\n%s", v.Validity, v.Reason, v.Shown().Picture)
			}
		})
	}
}

// Every bug is found by the part of the verdict that is about it.
func TestRunsOfAStoreWithABug(t *testing.T) {
	found := map[string]string{
		fakestore.DropRecord:  "durable: lost record",
		fakestore.SendTwice:   "unique: duplicated record",
		fakestore.SkipRecord:  "reliable: missed record",
		fakestore.LoseOnOne:   "agreed: diverged",
		fakestore.DropEvent:   "durable: lost event",
		fakestore.TearWrite:   "atomic: torn write",
		fakestore.SameVersion: "agreed: diverged",
		fakestore.ExpireEarly: "kept: expired early",
		fakestore.NeverExpire: "expires: never expired",
		fakestore.KeepKey:     "revoked: undead lease",
		fakestore.HalfTxn:     "linearizable",
		fakestore.WrongState:  "agreed: diverged",
	}
	for _, bug := range fakestore.Bugs() {
		t.Run(bug.Name, func(t *testing.T) {
			v := runFake(t, fake(bug.Workload, bug.Name)).Verdict
			if v.Validity != checker.Invalid {
				t.Fatalf("%v: %s", v.Validity, v.Reason)
			}
			t.Logf("%s\ncause %s\n%s", v.Reason, v.Shown().Cause, v.Shown().Picture)
			if kinds := kindsOf(v); !kinds[found[bug.Name]] {
				t.Errorf("found %v, want %s", kinds, found[bug.Name])
			}
		})
	}
}

func kindsOf(v checker.Verdict) map[string]bool {
	kinds := map[string]bool{}
	for _, p := range v.Parts {
		for _, f := range p.Findings {
			if f.Validity == checker.Invalid {
				kinds[f.Kind()] = true
			}
		}
	}
	return kinds
}

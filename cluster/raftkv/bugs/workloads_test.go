package bugs_test

import (
	"testing"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/locks"
	"faultline/checker/queues"
	"faultline/checker/sets"
	"faultline/checker/totals"
	"faultline/checker/txn"
	"faultline/checker/visibility"
	"faultline/cluster"
	"faultline/cluster/raftkv/bugs"
	"faultline/world"
)

func init() { cluster.Register(bugs.Kind()) }

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	m.Run()
}

// table has the bugs that each workload has to find, and by which part of the verdict.
var table = []struct{ workload, bug, part string }{
	{"set", "add-overwrites", sets.FullPart},
	{"set", "first-page-only", sets.FullPart},
	{"set", "follower-reads", sets.FullPart},
	{"set", "cached-reads", sets.FullPart},
	{"set", "ack-before-commit", sets.FullPart},
	{"set", "refused-as-ok", sets.FullPart},
	{"queue", "dequeue-repeated", queues.TotalPart},
	{"queue", "early-answer", queues.TotalPart},
	{"queue", "retries-applied-twice", queues.TotalPart},
	{"queue", "new-leader-repeats", queues.TotalPart},
	{"queue", "lost-in-batch", queues.TotalPart},
	{"at-least-once-queue", "dequeue-repeated", queues.AtLeastOncePart},
	{"at-least-once-queue", "early-answer", queues.AtLeastOncePart},
	{"at-least-once-queue", "lost-in-batch", queues.AtLeastOncePart},
	{"unique-ids", "early-answer", sets.IDsPart},
	{"unique-ids", "ids-in-memory", sets.IDsPart},
	{"unique-ids", "snapshot-loses-a-key", sets.IDsPart},
	{"unique-ids", "log-not-synced", sets.IDsPart},
	{"counter", "add-overwrites", totals.CounterPart},
	{"counter", "retries-applied-twice", totals.CounterPart},
	{"counter", "lost-in-batch", totals.CounterPart},
	{"counter", "follower-reads", totals.CounterPart},
	{"bank", "transfer-in-two-steps", totals.BankPart},
	{"bank", "balance-read-early", totals.BankPart},
	{"lock", "release-unchecked", locks.Part},
	{"lock", "lock-granted-early", locks.Part},
	{"lock", "lock-times-out", locks.Part},
	{"lock", "tokens-in-memory", locks.Part},
	{"reentrant-lock", "release-unchecked", locks.Part},
	{"reentrant-lock", "lock-granted-early", locks.Part},
	{"reentrant-lock", "release-frees-all", locks.Part},
	{"reentrant-lock", "lock-times-out", locks.Part},
	{"semaphore", "release-unchecked", locks.Part},
	{"semaphore", "lock-granted-early", locks.Part},
	{"stream", "early-answer", delivery.LogPart},
	{"stream", "poll-from-snapshot", delivery.LogPart},
	{"stream", "retries-applied-twice", delivery.LogPart},
	{"stream", "snapshot-loses-a-key", delivery.LogPart},
	{"multi-register", "txn-in-pieces", checker.LinearizablePart},
	{"multi-register", "cached-reads", checker.LinearizablePart},
	{"long-fork", "txn-in-pieces", visibility.LongForkPart},
	{"long-fork", "txn-reads-copy", visibility.LongForkPart},
	{"list-append", "txn-in-pieces", txn.Part},
	{"list-append", "retries-applied-twice", txn.Part},
	{"rw-register", "txn-in-pieces", txn.Part},
	{"lost-update", "txn-in-pieces", txn.Part},
	{"write-skew", "txn-in-pieces", txn.Part},
	{"phantom", "txn-in-pieces", txn.Part},
	{"bank-items", "transfer-in-two-steps", totals.BankPart},
	{"causal-reverse", "add-overwrites", sets.ReversePart},
	{"causal-reverse", "first-page-only", sets.ReversePart},
	{"causal-reverse", "lost-in-batch", sets.ReversePart},
	{"monotonic", "increase-in-two-steps", visibility.MonotonicPart},
	{"monotonic", "cached-reads", visibility.MonotonicPart},
	{"monotonic", "follower-reads", visibility.MonotonicPart},
}

// spec is what a run is by default, for 20 seconds.
func spec(workload, bug string) world.Spec {
	return world.Spec{Seed: 1, TimeLimit: 20 * time.Second, Rate: 200, Concurrency: 10, Workload: workload,
		Nemesis: []string{"partition", "crash"}, Interval: 5 * time.Second, Clock: world.Virtual, Bug: bug}
}

// judged runs a spec.
func judged(t *testing.T, s world.Spec) checker.Verdict {
	t.Helper()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	in, err := trial.Draw(s, "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := trial.Local{}.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return run.Verdict
}

// finds reports whether a part of a verdict is invalid.
func finds(v checker.Verdict, part string) bool {
	for _, p := range v.Parts {
		if p.Name == part && p.Validity == checker.Invalid {
			return true
		}
	}
	return false
}

// A canary is found soon, without faults and without any read but those of the log.
func TestWorkloadsFindCanaries(t *testing.T) {
	kind := bugs.Kind()
	for _, row := range table {
		if bug, err := kind.Bug(row.bug); err != nil || !bug.CanaryOf(row.workload) {
			continue
		}
		t.Run(row.workload+"/"+row.bug, func(t *testing.T) {
			s := spec(row.workload, row.bug)
			s.Rate, s.Nemesis, s.Mode, s.Options.Keys = 500, nil, "log", 4
			for s.TimeLimit = time.Second; s.TimeLimit <= 16*time.Second; s.TimeLimit *= 2 {
				if finds(judged(t, s), row.part) {
					return
				}
			}
			t.Errorf("not found in %v", s.TimeLimit/2)
		})
	}
}

//go:build long

package workloads_test

import (
	"testing"
	"time"

	"faultline/campaign/shrink"
	"faultline/campaign/trial"
	"faultline/workloads/internal/fakestore"
)

// What is wrong is still wrong in the same way when it has been made small.
func TestShrinking(t *testing.T) {
	for workload, bug := range map[string]string{"stream": fakestore.DropRecord, "watch": fakestore.DropEvent} {
		t.Run(workload, func(t *testing.T) {
			_, s := storedFake(t, workload, bug)
			r, err := shrink.Search(t.Context(), s, shrink.Options{Pool: trial.Pool{Runner: trial.Local{}}, Time: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d operations, then %d: %s\n%s", r.Before.Operations, r.After.Operations, r.Verdict.Reason, r.Verdict.Shown().Picture)
			if r.Verdict.Kind() != s.Stored.Verdict.Kind() || r.After.Operations >= r.Before.Operations/2 {
				t.Errorf("%s after %s", r.Verdict.Kind(), s.Stored.Verdict.Kind())
			}
		})
	}
}

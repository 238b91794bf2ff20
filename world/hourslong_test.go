//go:build long

package world

import (
	"context"
	"testing"
	"time"
)

// A world of hours is the same each time, and keeps within less than a gigabyte: what it has no more use for is freed, and it does not
// remember its history.
func TestWorldsOfHours(t *testing.T) {
	in := Input{Spec: Spec{Seed: 1, TimeLimit: 3 * time.Hour, Rate: 200, Concurrency: 10, Workload: "register",
		Nemesis: []string{"partition", "crash"}, Interval: 5 * time.Second, Clock: Virtual}}
	schedule, err := in.Spec.Schedule()
	if err != nil {
		t.Fatal(err)
	}
	in.Schedule = schedule.String()
	first := ""
	for range 2 {
		r, err := Run(context.Background(), in, Bounds{Memory: 1 << 30, Stall: 5 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if got := fingerprint(r); first == "" {
			first = got
		} else if got != first {
			t.Errorf("it is %s the first time and %s the second", first, got)
		}
	}
}

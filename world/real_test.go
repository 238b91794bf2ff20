package world

import (
	"context"
	"errors"
	"testing"
	"time"

	"faultline/checker"
	"faultline/workloads"
)

// On the real clock the same test runs in this process, where the race detector sees all of it:
// go test -race -run Real ./world
func TestRealClock(t *testing.T) {
	in := Input{Spec: shortSpec(1), Schedule: "0.1s slow-clients 5 by 20ms\n0.2s burst x3\n0.3s large-values 8kB\n0.4s hot-key 50%\n0.5s partition n1 | n2,n3,n4,n5\n1s heal\n1.2s crash n3\n1.7s restart all\n1.8s pause n2\n2.1s resume n2\n"}
	in.Spec.Clock, in.Spec.TimeLimit = Real, 2500*time.Millisecond
	began := time.Now()
	r, err := Run(context.Background(), in, Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < r.Virtual {
		t.Errorf("%v passed in the world and %v here", r.Virtual, took)
	}
	if r.Replay != ReplayBestEffort {
		t.Errorf("a run in real time cannot be repeated exactly, and says %s", r.Replay)
	}
	if !r.Served {
		t.Error("the cluster did not serve again")
	}
	if faults := r.History.Faults(); len(faults) != 7 {
		t.Errorf("seven faults were scheduled, and these took effect: %+v", faults)
	}
	ops, err := r.History.AllOperations()
	if err != nil {
		t.Fatal(err)
	}
	w, _ := workloads.Open("register", in.Spec.Options)
	part := w.Checkers()[0].Check(context.Background(), checker.Input{Operations: ops}, checker.Options{})
	if part.Validity != checker.Valid || part.Operations < 50 {
		t.Errorf("%d operations: %v: %s", part.Operations, part.Validity, part.Reason)
	}
}

func TestRealClockIsInterrupted(t *testing.T) {
	in := Input{Spec: shortSpec(1), Schedule: "1h crash n1\n"}
	in.Spec.Clock, in.Spec.TimeLimit = Real, 24*time.Hour
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	if _, err := Run(ctx, in, Bounds{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

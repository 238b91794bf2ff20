package intime_test

import (
	"context"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/checker/internal/intime"
	"faultline/checker/locks"
	"faultline/checker/logs"
	"faultline/checker/visibility"
	"faultline/history"
	"faultline/internal/timebound"
)

// A checker that does not come to its end in time is unknown, and says by which bound.
func TestJudge(t *testing.T) {
	valid := checker.Part{Name: "slow", Validity: checker.Valid}
	slow := func(c *timebound.Clock) checker.Part {
		for !c.Up() {
			c.Spend(1)
		}
		c.Spend(1 << 14)
		return valid
	}
	if p := intime.Judge(t.Context(), checker.Options{Timeout: time.Millisecond}, "slow", slow); p.Validity != checker.Unknown || p.Findings[0].Bound != checker.TimeBound {
		t.Errorf("%+v", p)
	}
	if p := intime.Judge(t.Context(), checker.Options{}, "slow", func(*timebound.Clock) checker.Part { return valid }); p.Validity != checker.Valid {
		t.Errorf("%+v", p)
	}
}

// The checkers that judge a history as a whole give up when their context ends.
func TestCheckersEnd(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	in := checker.Input{Operations: []history.Operation{{F: "read", Outcome: history.OK, Output: history.IntValue(1), Returned: 1}}}
	for _, c := range []checker.Checker{delivery.Log(), delivery.WatchInProgress(), locks.Mutex(), logs.Checker(), visibility.Causal(), visibility.Monotonic(), visibility.LongFork()} {
		if p := c.Check(ended, in, checker.Options{}); p.Validity != checker.Unknown || len(p.Findings) != 1 || p.Findings[0].Bound != checker.TimeBound {
			t.Errorf("%s: %+v", c.Name(), p)
		}
	}
}

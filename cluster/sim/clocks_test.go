package sim_test

import (
	"testing"
	"time"
)

func TestClocksThatCannotBe(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		for want, err := range map[string]error{
			`there is no node "n9"`: l.Jump("n9", time.Second),
			"a clock that gains -1000000 microseconds in a second stands still or runs backwards": l.Drift("n1", -1_000_000),
			"a clock cannot jump every 0s": l.Strobe("n1", time.Second, 0),
		} {
			if err == nil || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
	})
}

// TestAClockRunsOnWhileItsNodeIsDown: it is the machine's.
func TestAClockRunsOnWhileItsNodeIsDown(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		l.check(l.Jump("n1", -time.Second))
		l.check(l.Drift("n1", 500_000))
		l.check(l.Crash("n1"))
		time.Sleep(4 * time.Second)
		l.check(l.Restart("n1"))
		if got := time.Until(l.toy("n1").Now()).Round(time.Millisecond); got != time.Second {
			t.Errorf("off by %v, want 1s", got)
		}
		l.check(l.Correct("n1"))
		if got := time.Until(l.toy("n1").Now()); got != 0 {
			t.Errorf("off by %v once it is set right", got)
		}
	})
}

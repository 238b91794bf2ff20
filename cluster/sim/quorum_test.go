package sim_test

import (
	"slices"
	"testing"
)

// TestQuorum is there as long as some node reaches a majority, itself included, in both directions.
func TestQuorum(t *testing.T) {
	inLab(t, 5, func(l *lab) {
		if q := l.Report().Quorum; len(q) != 1 || !q[0].Has {
			t.Errorf("after the start %v", q)
		}
		expect := func(what string, has ...bool) {
			t.Helper()
			var got []bool
			for _, q := range l.Report().Quorum[1:] {
				got = append(got, q.Has)
			}
			if !slices.Equal(got, has) {
				t.Fatalf("%s: %v and not %v", what, got, has)
			}
		}
		l.check(l.Crash("n1"))
		l.check(l.Pause("n2"))
		expect("two of five do not respond")
		l.Cut("n3", "n4")
		expect("n5 reaches n3 and n4")
		l.Cut("n5", "n4")
		expect("one direction is cut", false)
		l.check(l.Resume("n2"))
		expect("n2 reaches the three others", false, true)
		l.check(l.PowerLoss("n5"))
		expect("n2 reaches n3 and n4", false, true)
		l.check(l.Crash("n2"))
		expect("n3 and n4 are left", false, true, false)
		l.Mend("n3", "n4")
		l.check(l.Restart("n1"))
		expect("n1, n3 and n4", false, true, false, true)
		l.Mend("n5", "n4")
		for _, n := range []string{"n2", "n5"} {
			l.check(l.Restart(n))
		}
		expect("all", false, true, false, true)
	})
}

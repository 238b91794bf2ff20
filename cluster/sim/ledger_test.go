package sim_test

import "testing"

// TestWhatProcessesMustAgreeOn: whoever says something else than the first one breaks a rule, unless it is dead.
func TestWhatProcessesMustAgreeOn(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		dead := l.toy("n3")
		l.check(l.Crash("n3"))
		l.toy("n1").Agree("one sum", "entry 1", "5")
		l.toy("n2").Agree("one sum", "entry 1", "5")
		l.toy("n2").Agree("one sum", "entry 2", "6")
		dead.Agree("one sum", "entry 1", "8")
		if broken := l.Report().Violations; len(broken) > 0 {
			t.Fatalf("%v", broken)
		}
		l.toy("n2").Agree("one sum", "entry 1", "7")
		broken := l.Report().Violations
		if len(broken) != 1 || broken[0].Rule != "one sum" || broken[0].Node != "n2" || broken[0].Text != "entry 1 is 5 on n1 and 7 on n2" {
			t.Errorf("%+v", broken)
		}
	})
}

// TestLostWritesAreCounted once each, if they had been acknowledged.
func TestLostWritesAreCounted(t *testing.T) {
	inLab(t, 3, func(l *lab) {
		lost := func() int64 {
			for _, c := range l.Report().Counters {
				if c.Name == "acknowledged writes lost" {
					return c.Value
				}
			}
			return -1
		}
		if n := lost(); n != -1 {
			t.Errorf("%d, before anybody says what he acknowledges", n)
		}
		l.toy("n1").Acknowledge("1")
		l.toy("n1").Acknowledge("2")
		for _, node := range []string{"n2", "n3"} {
			l.toy(node).Discard("2")
			l.toy(node).Discard("3")
		}
		if n := lost(); n != 1 {
			t.Errorf("%d, want 1", n)
		}
	})
}

package detector_test

import (
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/sim/detector"
)

func TestSilenceIsSuspected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := detector.New([]string{"a", "b"}, time.Second)
		is := func(a, b bool) {
			t.Helper()
			if d.Suspects("a") != a || d.Suspects("b") != b {
				t.Errorf("it suspects a: %v, b: %v", d.Suspects("a"), d.Suspects("b"))
			}
		}
		time.Sleep(time.Second)
		is(false, false)
		d.Hear("b")
		time.Sleep(time.Nanosecond)
		is(true, false)
		time.Sleep(2 * time.Second)
		is(true, true)
		d.HearAll()
		is(false, false)
	})
}

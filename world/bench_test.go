package world

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestBubbleX(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Spec{Seed: 7, TimeLimit: 60 * time.Second, Rate: 200, Concurrency: 10, Workload: "register", Interval: 5 * time.Second, Nemesis: []string{"partition", "crash"}}
		sch, err := s.Schedule()
		if err != nil {
			t.Fatal(err)
		}
		x, err := newTest(Input{s, sch.String()}, t.TempDir(), func(time.Duration) {})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.run(); err != nil {
			t.Fatal(err)
		}
		if err := x.system.Stop(); err != nil {
			t.Fatal(err)
		}
	})
}

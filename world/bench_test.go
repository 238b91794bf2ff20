package world

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// BenchmarkMinute is a minute of five nodes at 200 operations a second under partitions and crashes. It
// reports how many virtual seconds pass in a second: in a world's own process, start and end included, and
// in a bubble of this one, where a profiler sees all of it.
func BenchmarkMinute(b *testing.B) {
	in := Input{Spec: shortSpec(7)}
	in.Spec.TimeLimit, in.Spec.Interval, in.Spec.Nemesis = time.Minute, 5*time.Second, []string{"partition", "crash"}
	schedule, err := in.Spec.Schedule()
	if err != nil {
		b.Fatal(err)
	}
	in.Schedule = schedule.String()
	for name, run := range map[string]func(*testing.B, Input) (*Result, error){"process": inProcess, "bubble": inBubble} {
		b.Run(name, func(b *testing.B) {
			virtual := time.Duration(0)
			for b.Loop() {
				r, err := run(b, in)
				if err != nil {
					b.Fatal(err)
				}
				virtual += r.Virtual
			}
			b.ReportMetric(virtual.Seconds()/b.Elapsed().Seconds(), "virtual-s/s")
		})
	}
}

func inProcess(_ *testing.B, in Input) (*Result, error) {
	return Run(context.Background(), in, Bounds{})
}

// inBubble needs a test for its bubble, and testing has one to give.
func inBubble(b *testing.B, in Input) (r *Result, err error) {
	dir := b.TempDir()
	testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "world", F: func(t *testing.T) {
		synctest.Test(t, func(*testing.T) {
			var x *test
			if x, err = newTest(in, dir, &keeper{}); err != nil {
				return
			}
			if r, err = x.run(); err == nil {
				err = x.system.Stop()
			}
		})
	}}})
	return r, err
}

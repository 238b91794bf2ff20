package world

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// asked is one operation as it came to a fake system.
type asked struct {
	at time.Duration
	op cluster.Op
}

// underLoad conducts a minute of a hundred operations a second with a schedule, and returns what clients asked.
func underLoad(t *testing.T, schedule string) (ops []asked, system *fakeSystem, r *Result) {
	in := shortInput(3)
	in.Spec.TimeLimit, in.Spec.Rate, in.Schedule = time.Minute, 100, schedule
	var mu sync.Mutex
	var start time.Time
	system = &fakeSystem{answer: func(_ int, op cluster.Op) cluster.Outcome {
		mu.Lock()
		defer mu.Unlock()
		if op.Key != probeKey || op.Pace > 0 {
			ops = append(ops, asked{time.Since(start), op})
		} else if start.IsZero() { // the first that is asked at all
			start = time.Now()
		}
		return cluster.Outcome{Type: history.OK, Node: "n1"}
	}}
	r = conductFake(t, in, system)
	return ops, system, r
}

// Between its beginning and its end a burden does what it says, and outside of it nothing.
func TestBurdens(t *testing.T) {
	ops, _, r := underLoad(t, "5s burst x5\n10s end burst\n15s hot-key 90%\n20s end hot-key\n25s large-values 32kB\n30s end load\n")
	const second = 100 // operations
	for _, phase := range []struct {
		from, to  time.Duration
		rate, hot float64
		padding   int
		of        string
	}{
		{0, 5 * time.Second, 1, 0.05, 0, "the beginning"},
		{5 * time.Second, 10 * time.Second, 5, 0.05, 0, "a burst"},
		{10 * time.Second, 15 * time.Second, 1, 0.05, 0, "after the burst"},
		{15 * time.Second, 20 * time.Second, 1, 0.905, 0, "the time of a hot key"},
		{20 * time.Second, 25 * time.Second, 1, 0.05, 0, "after the hot key"},
		{25 * time.Second, 30 * time.Second, 1, 0.05, 32000, "the time of large values"},
		{30 * time.Second, 60 * time.Second, 1, 0.05, 0, "the end"},
	} {
		count, hot := 0, 0
		for _, a := range ops {
			if a.at < phase.from+200*time.Millisecond || a.at >= phase.to-5*time.Millisecond { // clients are under way
				continue
			}
			count++
			if a.op.Key == "k1" {
				hot++
			}
			if a.op.Padding != phase.padding {
				t.Fatalf("%s at %v has a padding of %d", a.op.F, a.at, a.op.Padding)
			}
		}
		want := phase.rate * second * (phase.to - phase.from - 205*time.Millisecond).Seconds()
		if math.Abs(float64(count)-want) > 0.2*want {
			t.Errorf("%s has %d operations, and not about %.0f", phase.of, count, want)
		}
		if share := float64(hot) / float64(count); math.Abs(share-phase.hot) > 0.05 {
			t.Errorf("in %s, %.2f of the operations go to one key, and not about %.2f", phase.of, share, phase.hot)
		}
	}
	for e := range r.History.All() {
		if n, ok := e.Value.Int(); ok && n < 0 || strings.Contains(e.Value.String(), " ") {
			t.Errorf("%v: padding is no part of a value", e)
		}
	}
}

// Slow clients come and go by the schedule, the last of them with the test. They have a key of their own, and the
// history knows nothing of them.
func TestSlowClients(t *testing.T) {
	ops, system, r := underLoad(t, "10s slow-clients 30 by 100ms\n20s slow-clients 3 by 50ms\n30s end slow-clients\n40s slow-clients 5 by 1s\n")
	early, late, strays := 0, 0, 0
	for _, a := range ops {
		switch {
		case a.op.Key != probeKey && a.op.Pace == 0:
		case a.op.Key != probeKey || a.op.Pace == 0:
			t.Fatalf("%+v", a.op)
		case a.at > 10*time.Second && a.at < 20100*time.Millisecond && a.op.Pace == 100*time.Millisecond:
			early++
		case a.at > 20*time.Second && a.at < 30100*time.Millisecond && a.op.Pace == 50*time.Millisecond:
			late++
		case a.at < 40*time.Second:
			strays++
		}
	}
	if early < 2000 || late < 400 || strays > 0 {
		t.Errorf("%d operations of the first, %d of the second, and %d when there are none", early, late, strays)
	}
	for e := range r.History.All() {
		if e.Process != history.Nemesis && !strings.HasPrefix(e.Key, "k") {
			t.Errorf("%v is no operation of the workload", e)
		}
	}
	for _, c := range system.clients {
		if !c.closed {
			t.Errorf("client %d was not closed", c.id)
		}
	}
}

// A burden leaves what comes before it as it is.
func TestABurdenDrawsFromNoOthersGenerator(t *testing.T) {
	with, _, _ := underLoad(t, "30s slow-clients 20 by 10ms\n31s large-values 1kB\n40s end load\n")
	without, _, _ := underLoad(t, "")
	for i := range without {
		if without[i].at > 30*time.Second {
			break
		}
		if with[i] != without[i] {
			t.Fatalf("operation %d is %+v, and %+v without a burden", i, with[i], without[i])
		}
	}
}

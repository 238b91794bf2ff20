package workloads

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// drawn are some transactions of a workload, by threads that take turns, and the reads in the end.
func drawn(t *testing.T, name string, o Options, n int) (under, after [][]ops.Step) {
	t.Helper()
	w, _ := Open(name, o)
	const threads = 5
	var clients []Generator
	for thread := range threads {
		clients = append(clients, during(w, thread, threads))
	}
	for i := range n {
		op, _ := clients[i%threads].Next()
		under = append(under, stepsOf(t, op))
	}
	last := w.Phases()[1].Generator(Client{Threads: 1, Draw: rand.New(rand.NewPCG(1, 2))})
	for op, more := last.Next(); more; op, more = last.Next() {
		after = append(after, stepsOf(t, op))
	}
	return under, after
}

func stepsOf(t *testing.T, op cluster.Op) []ops.Step {
	t.Helper()
	steps, err := ops.DecodeSteps(op.Value)
	if err != nil || op.Name() != "transaction.txn" || op.Key != "" || len(steps) == 0 {
		t.Fatalf("%v: %v", op, err)
	}
	return steps
}

// No value is written to a key twice, lists are appended to and registers are written, keys are used up, and everything that was written is
// read in the end.
func TestTransactions(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes ops.StepKind
		most   int // how often a key is written
	}{
		{"list-append", ops.AppendStep, writesPerKey},
		{"rw-register", ops.WriteStep, writesPerKey},
		{"lost-update", ops.AppendStep, writesPerKey},
		{"write-skew", ops.AppendStep, skewLife},
		{"phantom", ops.AppendStep, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			under, after := drawn(t, c.name, Options{}, 5000)
			written := map[string][]history.Value{}
			for _, steps := range under {
				for _, s := range steps {
					if !s.Writes() {
						continue
					}
					if s.Kind != c.writes || slices.ContainsFunc(written[s.Key], s.Value.Equal) {
						t.Fatalf("%v: wrong, or written before", s)
					}
					written[s.Key] = append(written[s.Key], s.Value)
				}
			}
			read := map[string]bool{}
			for _, steps := range after {
				for _, s := range steps {
					read[s.Key] = true
				}
			}
			for key, values := range written {
				if len(values) > c.most || !read[key] {
					t.Errorf("%s is written %d times, read in the end: %v", key, len(values), read[key])
				}
			}
			if len(written) < 20 {
				t.Errorf("only %d keys were used", len(written))
			}
		})
	}
}

// A scan is of the keys that are written meanwhile: it finds some, and not all there ever were.
func TestScansAreOfFewKeys(t *testing.T) {
	under, _ := drawn(t, "list-append", Options{}, 5000)
	scans := 0
	for i, steps := range under {
		for _, s := range steps {
			if s.Kind == ops.ScanStep {
				scans++
				if !slices.ContainsFunc(under[max(0, i-200):min(i+200, len(under))], func(steps []ops.Step) bool {
					return slices.ContainsFunc(steps, func(o ops.Step) bool { return o.Writes() && o.Key[:len(s.Key)] == s.Key })
				}) {
					t.Errorf("transaction %d scans %q, which nobody writes", i, s.Key)
				}
			}
		}
	}
	if scans < 100 {
		t.Errorf("there are %d scans", scans)
	}
}

// The first live key is twice as likely as the second, and a hot key is the first.
func TestLiveKeysDifferInHowOftenTheyAreUsed(t *testing.T) {
	count := func(hot float64) []int {
		k := newLiveKeys(Options{Keys: 4, HotKey: hot})
		draw, n := rand.New(rand.NewPCG(1, 1)), make([]int, 4)
		for range 16_000 {
			n[k.index(draw)]++
		}
		return n
	}
	near := func(got []int, want ...int) {
		t.Helper()
		for i := range want {
			if got[i] < want[i]*9/10 || got[i] > want[i]*11/10 {
				t.Errorf("used %v times, and not about %v", fmt.Sprint(got), want)
			}
		}
	}
	near(count(0), 8000, 4000, 2000, 2000)
	near(count(0.5), 12000, 2000, 1000, 1000)
}

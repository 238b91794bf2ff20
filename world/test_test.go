package world

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// A process whose operation ended in info never speaks again: its thread goes on as a new process with a
// new client, since the old one may still act. All other outcomes leave process and client as they are.
func TestInfoReplacesTheProcess(t *testing.T) {
	outcomes := []history.Type{history.OK, history.Fail, history.Info}
	n := 0
	system := &fakeSystem{answer: func(_ int, op cluster.Op) cluster.Outcome {
		if op.Key == probeKey {
			return cluster.Outcome{Type: history.OK}
		}
		n++
		return cluster.Outcome{Type: outcomes[n%len(outcomes)], Node: "n1", Error: "told so"}
	}}
	in := shortInput(1)
	in.Schedule = ""
	r := conductFake(t, in, system)
	ops, err := r.History.AllOperations() // it refuses a process that goes on
	if err != nil {
		t.Fatal(err)
	}
	infos, processes := 0, map[int]bool{}
	for _, op := range ops {
		processes[int(op.Process)] = true
		if op.Outcome == history.Info {
			infos++
		}
	}
	if infos == 0 || len(processes) < infos {
		t.Errorf("%d operations ended in info, and there were %d processes", infos, len(processes))
	}
	for _, c := range system.clients {
		if !c.closed {
			t.Errorf("client %d was not closed", c.id)
		}
		if len(c.asked) > 1 && c.asked[0].Key == probeKey {
			t.Errorf("client %d first waited for the cluster and then went on as a process", c.id)
		}
	}
	ids := map[int]bool{}
	for _, c := range system.clients {
		if ids[c.id] {
			t.Errorf("two clients have the number %d", c.id)
		}
		ids[c.id] = true
	}
}

// What an operation returned takes the place of its argument; a fail that found nothing has no value, as
// its argument was not written.
func TestCompletionsCarryWhatWasFound(t *testing.T) {
	found := history.IntValue(42)
	tests := []struct {
		name string
		out  cluster.Outcome
		want history.Value
	}{
		{"a read returns what it read", cluster.Outcome{Type: history.OK, Value: found}, found},
		{"a write returns its argument", cluster.Outcome{Type: history.OK}, history.IntValue(7)},
		{"a cas that failed says what it found", cluster.Outcome{Type: history.Fail, Value: found, Error: history.PreconditionFailed}, found},
		{"a fail that found nothing has none", cluster.Outcome{Type: history.Fail, Error: "not-leader"}, history.Value{}},
		{"an info keeps its argument", cluster.Outcome{Type: history.Info, Error: "timeout"}, history.IntValue(7)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			system := &fakeSystem{answer: func(int, cluster.Op) cluster.Outcome { return tt.out }}
			kept := &keeper{}
			x := &test{kind: fakeKind, system: system, recorder: &recorder{start: time.Now(), listener: kept}}
			x.newProcess(0).do(cluster.Op{F: "write", Key: "k1", Value: history.IntValue(7)})
			if got := kept.history.Events[1].Value; !got.Equal(tt.want) {
				t.Errorf("got %v, not %v", got, tt.want)
			}
		})
	}
}

// Clients work at the rate asked for until the time limit; then everything is healed, and every key is
// read once near each node.
func TestOrderOfATest(t *testing.T) {
	in := shortInput(3)
	in.Spec.TimeLimit, in.Spec.Rate = time.Minute, 100
	in.Schedule = "10s crash n2\n"
	system := &fakeSystem{answer: serving}
	r := conductFake(t, in, system)
	if !slices.Equal(system.ran, []string{"crash n2", "restart n2"}) {
		t.Errorf("done to the system: %v", system.ran)
	}
	load, final := 0, map[string]int{}
	healed := false
	for e := range r.History.All() {
		switch {
		case e.Process == history.Nemesis:
			healed = healed || e.F == "restart"
		case e.Type != history.Invoke:
		case healed:
			final[e.Key]++
			if e.F != "read" {
				t.Errorf("a %s after the end", e.F)
			}
		default:
			load++
			if e.Time >= in.Spec.TimeLimit {
				t.Errorf("an operation begins at %v", e.Time)
			}
		}
	}
	if want := 60 * 100; math.Abs(float64(load-want)) > 0.1*float64(want) {
		t.Errorf("%d operations in a minute at 100 a second", load)
	}
	for key, reads := range final {
		if reads != len(system.Nodes()) {
			t.Errorf("%s was read %d times at the end, by %d nodes", key, reads, len(system.Nodes()))
		}
	}
	if len(final) != 20 {
		t.Errorf("%d keys were read at the end, not all 20", len(final))
	}
	if !r.Served {
		t.Error("the cluster served, and the result says that it did not")
	}
}

// A cluster that never serves ends the test all the same, in bounded time, and the result says so.
func TestAClusterThatNeverServes(t *testing.T) {
	system := &fakeSystem{answer: func(int, cluster.Op) cluster.Outcome { return cluster.Outcome{Type: history.Fail} }}
	in := shortInput(1)
	in.Schedule = ""
	r := conductFake(t, in, system)
	if r.Served {
		t.Error("the result says that the cluster served")
	}
	if limit := startupLimit + in.Spec.TimeLimit + recoveryLimit + time.Second; r.Virtual > limit {
		t.Errorf("it took %v", r.Virtual)
	}
}

// The operations and their times follow from the seed. Which thread is called which process, and who
// comes first at one instant, is for the pinned world to settle.
func TestLoadFollowsFromTheSeed(t *testing.T) {
	load := func(seed uint64) []string {
		in := shortInput(5)
		in.Spec.Seed, in.Schedule = seed, ""
		var ops []string
		for e := range conductFake(t, in, &fakeSystem{answer: serving}).History.All() {
			ops = append(ops, fmt.Sprint(e.Time, e.Type, e.F, e.Key, e.Value))
		}
		slices.Sort(ops)
		return ops
	}
	want := load(5)
	if !slices.Equal(load(5), want) {
		t.Error("two tests of one seed differ")
	}
	if slices.Equal(load(6), want) {
		t.Error("two seeds give one test")
	}
}

// lateSystem has replicas that are behind for so long.
type lateSystem struct {
	fakeSystem
	start time.Time
	late  time.Duration
}

func (s *lateSystem) Behind() []string {
	if time.Since(s.start) < s.late {
		return []string{"n2"}
	}
	return nil
}

// signsOfLife counts how often a test says how far it is.
type signsOfLife struct{ told *int }

func (s signsOfLife) progress(time.Duration) { *s.told++ }

func (signsOfLife) record(*history.Event) {}

// Replicas get a minute to catch up. Then whoever has not is named.
func TestReplicasCatchUp(t *testing.T) {
	for late, want := range map[time.Duration][]string{0: nil, 59 * time.Second: nil, 61 * time.Second: {"n2"}} {
		synctest.Test(t, func(t *testing.T) {
			system := &lateSystem{start: time.Now(), late: late}
			told := 0
			x := &test{kind: fakeKind, system: system, recorder: &recorder{start: time.Now(), listener: signsOfLife{&told}}}
			if got := x.catchUp(time.Minute); !slices.Equal(got, want) {
				t.Errorf("late by %v: %v, want %v", late, got, want)
			}
			if seconds := min(late, time.Minute) / time.Second; told < int(seconds) {
				t.Errorf("late by %v: a sign of life %d times", late, told)
			}
		})
	}
}

package workloads

import (
	"math/rand/v2"
	"slices"
	"testing"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// during is the generator of a client under load.
func during(w Workload, thread, threads int) Generator {
	for _, p := range w.Phases() {
		if p.When == During {
			return p.Generator(Client{Thread: thread, Threads: threads, Nodes: 3, Draw: rand.New(rand.NewPCG(1, uint64(thread)))})
		}
	}
	return nil
}

// A client releases what it holds, soon, and gives up every lock of which it does not know whether it is held for ever.
func TestLocksAreReleasedOrGivenUp(t *testing.T) {
	w := locking.Open(Options{Keys: 3}).(*holding)
	client := during(w, 0, 1)
	held := map[string]int{}
	for range 300 {
		op, _ := client.Next()
		switch {
		case op.F == ops.Acquire && held[op.Key] == 0:
			held[op.Key]++
			client.Done(op, cluster.Outcome{Type: history.OK})
		case op.F == ops.Release && held[op.Key] > 0:
			held[op.Key]--
			client.Done(op, cluster.Outcome{Type: history.OK})
		default:
			client.Done(op, cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed})
		}
	}
	released := 0
	for _, n := range held {
		released += 1 - n
	}
	if released == 0 {
		t.Errorf("it holds %v", held)
	}
	held = map[string]int{}
	for len(held) < 2 { // to where it holds some
		op, _ := client.Next()
		client.Done(op, cluster.Outcome{Type: history.OK})
		if held[op.Key]++; op.F == ops.Release {
			delete(held, op.Key)
		}
	}
	op, _ := client.Next()
	client.Done(op, cluster.Outcome{Type: history.Info})
	for key := range held {
		if slices.Contains(w.locks.inUse, key) {
			t.Errorf("%s may be held for ever, and %v are in use", key, w.locks.inUse)
		}
	}
}

// A client that is told that it does not hold a lock any more does not go on releasing it.
func TestALostLockIsReleasedOnce(t *testing.T) {
	client := during(locking.Open(Options{Keys: 3}), 0, 1)
	var held []string
	for range 300 {
		op, _ := client.Next()
		out := cluster.Outcome{Type: history.OK}
		if op.F == ops.Release {
			if len(held) > 0 && op.Key != held[0] {
				t.Fatalf("it holds %v, and releases %s", held, op.Key)
			}
			held = held[min(1, len(held)):]
			out = cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed}
		} else {
			held = append(held, op.Key)
		}
		client.Done(op, out)
	}
}

// A queue with an operation whose outcome is unknown is given up, and is emptied in the end like all others.
func TestQueuesAreEmptied(t *testing.T) {
	w := fifoQueues.Open(Options{Keys: 2})
	client := during(w, 0, 1)
	op, _ := client.Next()
	client.Done(op, cluster.Outcome{Type: history.Info})
	var last Phase
	for _, p := range w.Phases() {
		last = p
	}
	waiting := map[string]int{"q1": 2, "q3": 1}
	var emptied []string
	for thread := range 2 {
		g := last.Generator(Client{Thread: thread, Threads: 2, Nodes: 1})
		for op, ok := g.Next(); ok; op, ok = g.Next() {
			out := cluster.Outcome{Type: history.OK, Value: history.NilValue()}
			if waiting[op.Key]--; waiting[op.Key] >= 0 {
				out.Value = history.IntValue(7)
			} else {
				emptied = append(emptied, op.Key)
			}
			g.Done(op, out)
		}
	}
	if slices.Sort(emptied); !slices.Equal(emptied, []string{"q1", "q2", "q3"}) {
		t.Errorf("found empty: %v", emptied)
	}
}

// Money is paid in once for each account, whoever does it.
func TestDepositsAreMadeOnce(t *testing.T) {
	w := banks.Open(Options{Keys: 5})
	paid := map[string]int64{}
	for thread := range 3 {
		g := w.Phases()[0].Generator(Client{Thread: thread, Threads: 3})
		for op, ok := g.Next(); ok; op, ok = g.Next() {
			p, err := ops.DecodeDeposit(op.Value)
			if err != nil {
				t.Fatal(err)
			}
			paid[op.Key] += p.Amount
		}
	}
	for _, key := range keyNames(Options{Keys: 5}) {
		if paid[key] != accounts*firstBalance {
			t.Errorf("%s got %d", key, paid[key])
		}
	}
}

// No two workloads answer to one name, and each says what it is about.
func TestInfos(t *testing.T) {
	var names []string
	for _, w := range All() {
		names = append(append(names, w.Name), w.Also...)
		if w.Doc == "" || w.Clients == "" || w.Holds == "" || w.Breaks == "" || len(w.Ops) == 0 {
			t.Errorf("%s is not documented", w.Name)
		}
		for _, name := range append(w.Also, w.Name) {
			if found, ok := ByName(name); !ok || found.Name != w.Name {
				t.Errorf("%s is %s", name, found.Name)
			}
		}
	}
	if slices.Sort(names); len(slices.Compact(names)) != len(names) {
		t.Errorf("a name comes twice: %v", names)
	}
}

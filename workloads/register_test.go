package workloads

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// session has the threads of a workload take turns by its own draws, each operation answered by a map,
// some of them with fail or info.
type session struct {
	workload Workload
	threads  []Generator
	store    map[string]history.Value
	draw     *rand.Rand
	ops      []cluster.Op
	outcomes []cluster.Outcome
}

func newSession(t interface{ Fatal(...any) }, seed uint64, threads int, o Options) *session {
	return sessionOf(t, "register", seed, threads, o)
}

func sessionOf(t interface{ Fatal(...any) }, workload string, seed uint64, threads int, o Options) *session {
	w, ok := Open(workload, o)
	if !ok {
		t.Fatal("there is no workload " + workload)
	}
	s := &session{workload: w, store: map[string]history.Value{}, draw: rand.New(rand.NewPCG(seed, 99))}
	for i := range threads {
		s.threads = append(s.threads, w.Phases()[0].Generator(Client{Thread: i, Threads: threads, Nodes: 1, Draw: rand.New(rand.NewPCG(seed, uint64(i)))}))
	}
	return s
}

// finalReads are what the clients near one node read in the last phase.
func finalReads(w Workload) (ops []cluster.Op) {
	const threads = 3
	phases := w.Phases()
	for i := range threads {
		g := phases[len(phases)-1].Generator(Client{Thread: i, Threads: threads, Nodes: 1})
		if g == nil {
			continue
		}
		for op, ok := g.Next(); ok; op, ok = g.Next() {
			ops = append(ops, op)
		}
	}
	return ops
}

func (s *session) run(n int) *session {
	for range n {
		thread := s.threads[s.draw.IntN(len(s.threads))]
		op, _ := thread.Next()
		out := s.answer(op)
		thread.Done(op, out)
		s.ops, s.outcomes = append(s.ops, op), append(s.outcomes, out)
	}
	return s
}

func (s *session) answer(op cluster.Op) cluster.Outcome {
	switch s.draw.IntN(20) {
	case 0:
		return cluster.Outcome{Type: history.Fail, Error: "not-leader"}
	case 1: // it may have been applied all the same
		if all := written(op); len(all) == 1 && s.draw.IntN(2) == 0 {
			s.store[op.Key] = history.IntValue(all[0])
		} else if op.F == "delete" && s.draw.IntN(2) == 0 {
			delete(s.store, op.Key)
		}
		return cluster.Outcome{Type: history.Info, Error: "timeout"}
	}
	held, ok := s.store[op.Key]
	if !ok {
		held = history.NilValue()
	}
	switch op.F {
	case "write":
		s.store[op.Key] = op.Value
	case "delete":
		delete(s.store, op.Key)
	case "cas":
		old, written, _ := op.Value.Pair()
		if !held.Equal(history.IntValue(old)) {
			return cluster.Outcome{Type: history.Fail, Value: held, Error: history.PreconditionFailed}
		}
		s.store[op.Key] = history.IntValue(written)
	default:
		return cluster.Outcome{Type: history.OK, Value: held}
	}
	return cluster.Outcome{Type: history.OK}
}

// written are the values that an operation would leave.
func written(op cluster.Op) []int64 {
	var all []history.Value
	switch op.F {
	case "cas", ops.Attach:
		pair, _ := op.Value.List()
		all = pair[1:]
	case ops.Txn:
		steps, _ := ops.DecodeSteps(op.Value)
		for _, s := range steps {
			all = append(all, s.Value)
		}
	case ops.Put:
		all = append(all, op.Value)
		several, _ := op.Value.Map()
		for _, kv := range several {
			all = append(all, kv[1])
		}
	case "write", ops.Send:
		all = append(all, op.Value)
	}
	var numbers []int64
	for _, v := range all {
		if n, ok := v.Int(); ok {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// No value is written twice, by whichever threads to whichever keys: a read tells which write it saw. Workloads of transactions write none
// twice to one key, see TestTransactions.
func TestValuesAreUnique(t *testing.T) {
	names := slices.DeleteFunc(Names(), func(name string) bool {
		w, _ := ByName(name)
		return slices.Contains(w.Ops, transactionOps[0])
	})
	rapid.Check(t, func(t *rapid.T) {
		threads, o := rapid.IntRange(1, 30).Draw(t, "threads"), Options{Keys: rapid.IntRange(1, 50).Draw(t, "keys"),
			HotKey: rapid.Float64Range(0, 1).Draw(t, "hot key")}
		seen := map[int64]cluster.Op{}
		workload := rapid.SampledFrom(names).Draw(t, "workload")
		for _, op := range sessionOf(t, workload, rapid.Uint64().Draw(t, "seed"), threads, o).run(1000).ops {
			for _, n := range written(op) {
				if first, ok := seen[n]; ok {
					t.Fatalf("%v and %v write the same", first, op)
				}
				seen[n] = op
			}
		}
	})
}

// A fifth of the operations are writes and about a seventh are cas; all keys have the same share.
func TestShares(t *testing.T) {
	const n, keys = 100_000, 10
	byF, byKey := map[string]int{}, map[string]int{}
	for _, op := range newSession(t, 1, 7, Options{Keys: keys}).run(n).ops {
		byF[op.F]++
		byKey[op.Key]++
	}
	near(t, "writes", byF["write"], n*shareOfWrites)
	near(t, "cas", byF["cas"], n*shareOfCAS)
	near(t, "reads", byF["read"], n*(1-shareOfWrites-shareOfCAS))
	for i := range keys {
		near(t, fmt.Sprintf("operations on k%d", i+1), byKey[fmt.Sprintf("k%d", i+1)], n/keys)
	}
}

// A hot key gets its share on top of the one that every key has.
func TestHotKey(t *testing.T) {
	const n, keys, hot = 100_000, 20, 0.4
	byKey := map[string]int{}
	for _, op := range newSession(t, 1, 7, Options{Keys: keys, HotKey: hot}).run(n).ops {
		byKey[op.Key]++
	}
	near(t, "operations on the hot key", byKey["k1"], n*(hot+(1-hot)/keys))
	near(t, "operations on another", byKey["k2"], n*(1-hot)/keys)
}

// HotKey makes the share of the first object larger for a while, and never smaller than the options say.
func TestHotKeyForAWhile(t *testing.T) {
	const n, keys = 20_000, 20
	s := newSession(t, 1, 7, Options{Keys: keys, HotKey: 0.2})
	for _, phase := range []struct{ heat, want float64 }{{0, 0.2}, {0.9, 0.9}, {0.1, 0.2}, {0, 0.2}} {
		s.workload.(HotKeyed).HotKey(phase.heat)
		s.ops = nil
		hot := 0
		for _, op := range s.run(n).ops {
			if op.Key == "k1" {
				hot++
			}
		}
		near(t, "operations on the first key", hot, n*(phase.want+(1-phase.want)/keys))
	}
}

// near allows five standard deviations.
func near(t *testing.T, what string, got int, want float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > 5*math.Sqrt(want) {
		t.Errorf("%d %s, and not about %.0f", got, what, want)
	}
}

// A cas expects what is known to have been written last, so most of them meet it. Only what nobody was told of,
// a write or a cas of unknown outcome, makes one miss.
func TestCASExpectsTheLatestKnown(t *testing.T) {
	s := newSession(t, 3, 5, Options{Keys: 4}).run(20_000)
	met, missed := 0, 0
	for i, op := range s.ops {
		if op.F != "cas" {
			continue
		}
		switch out := s.outcomes[i]; {
		case out.Type == history.OK:
			met++
		case out.Error == history.PreconditionFailed:
			missed++
		}
	}
	if met < 10*missed || missed == 0 {
		t.Errorf("%d cas met what they expected, %d did not", met, missed)
	}
}

// What a thread learns of a key, all threads expect of it. Until somebody knows a value there is no cas.
func TestLearning(t *testing.T) {
	tests := []struct {
		name string
		op   cluster.Op
		out  cluster.Outcome
		want history.Value
	}{
		{"a write that is ok", cluster.Op{F: "write", Key: "k1", Value: history.IntValue(8)},
			cluster.Outcome{Type: history.OK}, history.IntValue(8)},
		{"a cas that is ok", cluster.Op{F: "cas", Key: "k1", Value: history.PairValue(7, 9)},
			cluster.Outcome{Type: history.OK}, history.IntValue(9)},
		{"a cas that found something else", cluster.Op{F: "cas", Key: "k1", Value: history.PairValue(6, 9)},
			cluster.Outcome{Type: history.Fail, Value: history.IntValue(5), Error: history.PreconditionFailed}, history.IntValue(5)},
		{"a read", cluster.Op{F: "read", Key: "k1"}, cluster.Outcome{Type: history.OK, Value: history.IntValue(4)}, history.IntValue(4)},
		{"a read of nothing", cluster.Op{F: "read", Key: "k1"}, cluster.Outcome{Type: history.OK, Value: history.NilValue()}, history.IntValue(7)},
		{"a write that failed", cluster.Op{F: "write", Key: "k1", Value: history.IntValue(8)},
			cluster.Outcome{Type: history.Fail, Error: "not-leader"}, history.IntValue(7)},
		{"a write of unknown outcome", cluster.Op{F: "write", Key: "k1", Value: history.IntValue(8)},
			cluster.Outcome{Type: history.Info, Value: history.IntValue(8), Error: "timeout"}, history.IntValue(7)},
		{"what happens to another key", cluster.Op{F: "write", Key: "k2", Value: history.IntValue(8)},
			cluster.Outcome{Type: history.OK}, history.IntValue(7)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSession(t, 1, 2, Options{Keys: 2})
			w := s.workload.(*register)
			w.latest[0] = history.IntValue(7)
			s.threads[1].Done(tt.op, tt.out)
			if !w.latest[0].Equal(tt.want) {
				t.Errorf("a cas expects %v, not %v", w.latest[0], tt.want)
			}
		})
	}
	for _, op := range newSession(t, 1, 1, Options{Keys: 100_000}).run(100).ops {
		if op.F == "cas" {
			t.Errorf("%v, and nobody knows a value of that key", op)
		}
	}
}

// The same draws and the same outcomes give the same operations; other draws give others.
func TestOperationsFollowFromTheDraws(t *testing.T) {
	threads, o := 5, Options{Keys: 10, HotKey: 0.2}
	a, b := newSession(t, 1, threads, o).run(5000), newSession(t, 1, threads, o).run(5000)
	if !slices.Equal(a.ops, b.ops) {
		t.Error("the same draws gave other operations")
	}
	if c := newSession(t, 2, threads, o).run(5000); slices.Equal(a.ops, c.ops) {
		t.Error("other draws gave the same operations")
	}
}

// In the end every key is read, once, in the order of their numbers.
func TestFinalReadsEveryKey(t *testing.T) {
	for keys, want := range map[int]int{0: DefaultKeys, 1: 1, 37: 37} {
		w, _ := Open("register", Options{Keys: keys})
		ops := finalReads(w)
		if len(ops) != want {
			t.Errorf("with %d keys there are %d final operations", keys, len(ops))
		}
		for i, op := range ops {
			if op.F != "read" || op.Key != fmt.Sprintf("k%d", i+1) {
				t.Errorf("operation %d is %v", i, op)
			}
		}
	}
}

// What must hold is linearizability, key by key.
func TestCheckers(t *testing.T) {
	w, _ := Open("register", Options{})
	write := history.Operation{Process: 0, F: "write", Key: "k1", Input: history.IntValue(1), Outcome: history.OK, Invoke: 1, Return: 2, Invoked: 0, Returned: 1}
	read := history.Operation{Process: 1, F: "read", Key: "k1", Output: history.IntValue(1), Outcome: history.OK, Invoke: 3, Return: 4, Invoked: 2, Returned: 3}
	check := func() checker.Part {
		in := checker.Input{Operations: []history.Operation{write, read}}
		return w.Checkers()[0].Check(context.Background(), in, checker.Options{})
	}
	if part := check(); part.Validity != checker.Valid {
		t.Errorf("%v: %s", part.Validity, part.Reason)
	}
	read.Output = history.NilValue()
	if part := check(); part.Validity != checker.Invalid || len(part.Findings) != 1 {
		t.Errorf("a stale read is %v: %s", part.Validity, part.Reason)
	}
}

// Every workload can be opened by the name it is listed under, and no other.
func TestOpen(t *testing.T) {
	for i, name := range Names() {
		if _, ok := Open(name, Options{}); !ok || All()[i].Name != name || All()[i].Doc == "" {
			t.Errorf("%s cannot be opened, or is not explained", name)
		}
	}
	if _, ok := Open("registre", Options{}); ok {
		t.Error("a workload that does not exist was opened")
	}
}

package workloads

import (
	"fmt"
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
)

// DefaultKeys is how many registers there are by default.
const DefaultKeys = 20

// register is Jepsen's workload of that name: independent registers that are read, written and
// compared-and-set. Every value is written at most once, so that a read tells which write it saw.
type register struct {
	threads int
	keys    []string
	hot     float64
	stale   time.Duration // how old what a read sees may be
	// latest is, for each key, the value last known to have been written: what a cas should expect to
	// have a fair chance. It is shared by all threads, and a fault makes it wrong often enough.
	latest []history.Value
}

func newRegister(o Options) Workload {
	if o.Keys == 0 {
		o.Keys = DefaultKeys
	}
	w := &register{threads: max(1, o.Threads), hot: o.HotKey, stale: o.Staleness, latest: make([]history.Value, o.Keys)}
	for i := range o.Keys {
		w.keys = append(w.keys, fmt.Sprintf("k%d", i+1))
	}
	return w
}

// The shares of writes and cas in all operations; the rest are reads.
const (
	shareOfWrites = 0.20
	shareOfCAS    = 0.15
)

func (w *register) Generator(thread int, draw *rand.Rand) Generator {
	return &registerThread{workload: w, draw: draw, next: int64(thread) + 1}
}

func (w *register) Final() []cluster.Op {
	var ops []cluster.Op
	for _, k := range w.keys {
		ops = append(ops, cluster.Op{F: "read", Key: k})
	}
	return ops
}

func (w *register) Check(ops []history.Operation, o checker.Options) (checker.Part, []checker.Counterexample) {
	if w.stale > 0 {
		return checker.Bounded(checker.CASRegister(), ops, w.stale, o)
	}
	return checker.Linearizable(checker.CASRegister(), ops, o)
}

// registerThread generates one thread's operations. Its values are those that leave its number when
// divided by the number of threads, so no two threads write the same.
type registerThread struct {
	workload *register
	draw     *rand.Rand
	next     int64
}

func (t *registerThread) Next() cluster.Op {
	k := t.key()
	op := cluster.Op{F: "read", Key: t.workload.keys[k]}
	switch p := t.draw.Float64(); {
	case p < shareOfWrites:
		op.F, op.Value = "write", history.IntValue(t.unique())
	case p < shareOfWrites+shareOfCAS:
		if old, ok := t.workload.latest[k].Int(); ok {
			op.F, op.Value = "cas", history.PairValue(old, t.unique())
		}
	}
	return op
}

func (t *registerThread) unique() int64 {
	n := t.next
	t.next += int64(t.workload.threads)
	return n
}

// key draws a key: the hot one as often as asked, else any.
func (t *registerThread) key() int {
	if t.workload.hot > 0 && t.draw.Float64() < t.workload.hot {
		return 0
	}
	return t.draw.IntN(len(t.workload.keys))
}

func (t *registerThread) Done(op cluster.Op, out cluster.Outcome) {
	for k, key := range t.workload.keys {
		if key == op.Key {
			t.workload.learn(k, op, out)
		}
	}
}

func (w *register) learn(k int, op cluster.Op, out cluster.Outcome) {
	switch {
	case out.Type == history.OK && op.F == "write":
		w.latest[k] = op.Value
	case out.Type == history.OK && op.F == "cas":
		_, written, _ := op.Value.Pair()
		w.latest[k] = history.IntValue(written)
	case out.Type != history.Info: // a read, or a cas that found something else
		if _, ok := out.Value.Int(); ok {
			w.latest[k] = out.Value
		}
	}
}

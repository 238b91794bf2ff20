package workloads

import (
	"math/rand/v2"

	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
)

// register is Jepsen's workload of that name: independent registers that are read, written and
// compared-and-set. Every value is written at most once, so that a read tells which write it saw.
type register struct {
	hotKey
	keys    []string
	promise promise
	// latest is, for each key, the value last known to have been written: what a cas should expect to
	// have a fair chance. It is shared by all threads, and a fault makes it wrong often enough.
	latest []history.Value
}

var registers = Info{
	Name: "register",
	Doc:  "reads, writes of unique values and compare-and-set on many registers, each linearizable",
	Clients: "Clients read independent registers, write unique values to them, and compare and set. In the end they read every register " +
		"through every node.",
	Holds: "Each register is linearizable; with `--staleness` a read may be that old, and with `--consistency-models` other models hold " +
		"instead.",
	Breaks: "Reads by a deposed leader, acknowledged writes that a new leader lacks, a compare-and-set whose comparison and write are two " +
		"steps.",
	Ops:    []string{"read", "write", "cas"},
	Keyed:  true,
	Models: RegisterModels,
	Open:   newRegister,
}

func newRegister(o Options) Workload {
	keys := keyNames(o)
	return &register{hotKey: hotKey{usual: o.HotKey}, promise: promised(o), keys: keys, latest: make([]history.Value, len(keys))}
}

// The shares of writes and cas in all operations; the rest are reads.
const (
	shareOfWrites = 0.20
	shareOfCAS    = 0.15
)

func (w *register) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &registerThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads)}
		}},
		ReadNearEachNode(w.reads),
	}
}

// reads are of all keys.
func (w *register) reads() []cluster.Op {
	var ops []cluster.Op
	for _, k := range w.keys {
		ops = append(ops, cluster.Op{F: "read", Key: k})
	}
	return ops
}

func (w *register) Checkers() []checker.Checker { return w.promise.checkers() }

// registerThread generates one thread's operations.
type registerThread struct {
	numbers
	workload *register
	draw     *rand.Rand
}

func (t *registerThread) Next() (cluster.Op, bool) {
	k := t.workload.pick(t.draw, len(t.workload.keys))
	op := cluster.Op{F: "read", Key: t.workload.keys[k]}
	switch p := t.draw.Float64(); {
	case p < shareOfWrites:
		op.F, op.Value = "write", history.IntValue(t.unique())
	case p < shareOfWrites+shareOfCAS:
		if old, ok := t.workload.latest[k].Int(); ok {
			op.F, op.Value = "cas", history.PairValue(old, t.unique())
		}
	}
	return op, true
}

func (t *registerThread) Done(op cluster.Op, out cluster.Outcome) {
	for k, key := range t.workload.keys {
		if key == op.Key {
			t.workload.latest[k] = latestAfter(t.workload.latest[k], op, out)
		}
	}
}

// latestAfter is the value last known to have been written to an object, after one more operation on it.
func latestAfter(latest history.Value, op cluster.Op, out cluster.Outcome) history.Value {
	switch {
	case out.Type == history.OK && op.F == "write":
		return op.Value
	case out.Type == history.OK && op.F == "cas":
		_, written, _ := op.Value.Pair()
		return history.IntValue(written)
	case out.Type != history.Info: // a read, or a cas that found something else
		if _, ok := out.Value.Int(); ok {
			return out.Value
		}
	}
	return latest
}

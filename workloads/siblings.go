package workloads

import (
	"slices"

	"faultline/checker"
	"faultline/checker/siblings"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// cart has clients read siblings and write in their place, as a shopping cart is read, changed and put back. Now and then one
// writes without having read.
type cart struct {
	hotKey
	keys     []string
	eventual bool
}

var siblingWrites = Info{
	Name: "siblings",
	Also: []string{"cart"},
	Doc:  "clients read concurrent values and replace them; no acknowledged write disappears unless a client has replaced it",
	Clients: "Clients read registers that keep concurrent writes as siblings, and replace what they have read by unique values; sometimes they " +
		"write without reading. In the end they read every register through every node.",
	Holds: "A read has every value whose write was acknowledged before it began, unless a client that had read the value replaced it, and " +
		"never has a value along with its replacement. With `--consistency-models eventual`, and in modes that claim no more, a read may " +
		"lack what a later one has.",
	Breaks: "Last write wins; version vectors that count servers and not writes; hints dropped before they are delivered.",
	Ops:    []string{ops.Of(ops.Siblings, ops.Read), ops.Of(ops.Siblings, ops.Write)},
	Keyed:  true,
	Models: EventualModel,
	Open: func(o Options) Workload {
		return &cart{hotKey: hotKey{usual: o.HotKey}, keys: keyNames(o), eventual: len(o.ConsistencyModels) > 0}
	},
}

// The share of reads in all operations, and that of writes by clients that forget what they have read. A client mostly reads and then
// writes in place of what it has read.
const (
	shareOfSiblingReads  = 0.5
	shareOfBlindSiblings = 0.1
)

func (w *cart) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &cartThread{thread: newThread(c), workload: w, read: map[string][]history.Value{}}
		}},
		ReadNearEachNode(func() []cluster.Op { return readsOf(ops.Siblings, w.keys) }),
	}
}

func (w *cart) Checkers() []checker.Checker {
	return []checker.Checker{siblings.Checker(siblings.Options{Stale: w.eventual})}
}

// cartThread reads and writes. What it has read is known to its client too, until that is replaced.
type cartThread struct {
	thread
	workload *cart
	read     map[string][]history.Value // by key, and not yet written in place of
}

func (t *cartThread) Next() (cluster.Op, bool) {
	op := cluster.Op{Object: ops.Siblings, F: ops.Read, Key: t.workload.pickKey(t.draw, t.workload.keys)}
	if t.draw.Float64() < shareOfSiblingReads {
		return op, true
	}
	w := ops.SiblingWrite{Value: history.IntValue(t.unique()), Replaces: t.read[op.Key]}
	if t.draw.Float64() < shareOfBlindSiblings {
		w.Replaces = nil
	}
	op.F, op.Value = ops.Write, w.Encode()
	return op, true
}

// Done implements Generator.
func (t *cartThread) Done(op cluster.Op, out cluster.Outcome) {
	switch {
	case out.Over || out.Type == history.Info:
		clear(t.read)
	case op.F == ops.Write:
		delete(t.read, op.Key)
	case out.Type == history.OK:
		t.read[op.Key] = slices.Collect(out.Value.Elements)
	}
}

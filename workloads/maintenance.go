package workloads

import (
	"math/rand/v2"

	"faultline/checker"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// maintenance is the register workload on a store that is compacted and defragmented meanwhile.
type maintenance struct{ Workload }

var maintained = Info{
	Name:    "maintenance",
	Doc:     "registers, each linearizable, while the store is compacted and its nodes are defragmented",
	Clients: "Clients do what they do in `register`, and sometimes compact the store or defragment a node.",
	Holds:   "Each register is linearizable.",
	Breaks:  "Maintenance that loses or brings back what clients wrote, or that stops a node for too long.",
	Ops:     append(registers.Ops[:len(registers.Ops):len(registers.Ops)], ops.Compact, ops.Defragment),
	Keyed:   true,
	Models:  RegisterModels,
	Open:    func(o Options) Workload { return &maintenance{newRegister(o)} },
}

// The shares of all operations that maintain the store, and how much of its past a compaction leaves.
const (
	shareOfCompactions     = 0.005
	shareOfDefragmentation = 0.01
	revisionsKept          = 50
)

// HotKey is HotKeyed.
func (w *maintenance) HotKey(share float64) { w.Workload.(HotKeyed).HotKey(share) }

func (w *maintenance) Phases() []Phase {
	phases := w.Workload.Phases()
	for i, p := range phases {
		if p.When == During {
			phases[i].Generator = func(c Client) Generator { return &maintainer{p.Generator(c), c.Draw} }
		}
	}
	return phases
}

func (w *maintenance) Checkers() []checker.Checker { return onlyObjects(w.Workload.Checkers()) }

// maintainer maintains the store now and then, and otherwise does what a client of the workload does.
type maintainer struct {
	Generator
	draw *rand.Rand
}

func (m *maintainer) Next() (cluster.Op, bool) {
	switch p := m.draw.Float64(); {
	case p < shareOfCompactions:
		return cluster.Op{F: ops.Compact, Value: history.IntValue(revisionsKept)}, true
	case p < shareOfCompactions+shareOfDefragmentation:
		return cluster.Op{F: ops.Defragment}, true
	default:
		return m.Generator.Next()
	}
}

func (m *maintainer) Done(op cluster.Op, out cluster.Outcome) {
	if ops.OnObject(op.F) {
		m.Generator.Done(op, out)
	}
}

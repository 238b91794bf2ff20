package workloads

import (
	"faultline/checker"
	"faultline/checker/sets"
)

// reverse is Jepsen's workload of that name: clients do what they do in the workload set, and only the order is judged in which elements
// become visible. That is what a consistent prefix promises, however old.
type reverse struct{ Workload }

var causalReverse = Info{
	Name:    "causal-reverse",
	Doc:     "clients add to sets and read them; a read that sees an element also sees all elements acknowledged before its add began",
	Clients: "Clients do what they do in `set`.",
	Holds:   "A read that has an element has every element acknowledged before the add of that one began. How old the read is does not matter.",
	Breaks:  "Acknowledged elements that are lost while later ones are kept, and reads that combine states of different ages.",
	Ops:     growingSets.Ops,
	Keyed:   true,
	Open:    func(o Options) Workload { return &reverse{growingSets.Open(o)} },
}

// HotKey is HotKeyed.
func (w *reverse) HotKey(share float64) { w.Workload.(HotKeyed).HotKey(share) }

func (*reverse) Checkers() []checker.Checker { return []checker.Checker{sets.CausalReverse()} }

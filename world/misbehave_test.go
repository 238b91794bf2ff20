package world

import (
	"maps"
	"slices"
	"sync"

	"faultline/cluster"
	"faultline/workloads"
)

// misbehaviours are what can go wrong in a world's process, by the name of the workload that does it.
var misbehaviours = map[string]func(){
	"spin": func() {
		for n := 0; ; n++ {
		}
	},
	// A mutex is not a durable block: the bubble's clock stops, and the process idles for ever.
	"wait for a mutex": func() {
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	},
	"panic": func() { panic("the store is on fire") },
	"grow": func() {
		for {
			grown = append(grown, make([]byte, 1<<20))
			clear(grown[len(grown)-1])
		}
	},
}

var grown [][]byte

// registerMisbehaving makes workloads of them.
func registerMisbehaving() {
	for _, name := range slices.Sorted(maps.Keys(misbehaviours)) {
		do := misbehaviours[name]
		workloads.Register(workloads.Info{Name: name, Open: func(workloads.Options) workloads.Workload { return misbehaving{do: do} }})
	}
}

// misbehaving is a workload whose first operation never comes.
type misbehaving struct {
	workloads.Workload
	do func()
}

func (m misbehaving) Phases() []workloads.Phase {
	return []workloads.Phase{{When: workloads.During, Generator: func(workloads.Client) workloads.Generator { return m }}}
}

func (m misbehaving) Next() (cluster.Op, bool) {
	m.do()
	return cluster.Op{}, false
}

func (misbehaving) Done(cluster.Op, cluster.Outcome) {}

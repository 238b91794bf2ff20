package world

import (
	"math/rand/v2"
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

// openMisbehaving opens the workloads there are, and those that misbehave.
func openMisbehaving(name string, o workloads.Options) (workloads.Workload, bool) {
	if do, ok := misbehaviours[name]; ok {
		return misbehaving{do: do}, true
	}
	return workloads.Open(name, o)
}

// misbehaving is a workload whose first operation never comes.
type misbehaving struct {
	workloads.Workload
	do func()
}

func (m misbehaving) Generator(int, *rand.Rand) workloads.Generator { return m }

func (m misbehaving) Next() cluster.Op {
	m.do()
	return cluster.Op{}
}

func (misbehaving) Done(cluster.Op, cluster.Outcome) {}

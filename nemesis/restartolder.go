package nemesis

import (
	"math/rand/v2"

	"faultline/cluster"
)

var restartOlder = nodeVerb{
	name: "restart-older", of: &processes, from: down, to: running, heals: true, symbols: restart.symbols,
	call: func(f cluster.Faults) func(string) error {
		if f.Disks == nil {
			return nil
		}
		return f.Disks.RestartOlder
	},
}

// What a snapshot replaces, its log must tell again: a state machine that is wound back and rolled forward has to
// come to the same state.
var olderFamily = family{
	Family: Family{Name: "older-snapshot", Summary: "kill one node, some or all; they restart without their newest snapshot, " +
		"where an older one and the log are enough"},
	nodes: 1,
	begin: func(rng *rand.Rand, on Subject) Action {
		return nodeAction{&crash, drawTargets(rng, &crash, len(on.Nodes))}
	},
	end: nodeAction{&restartOlder, targets{symbol: all}},
}

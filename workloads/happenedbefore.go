package workloads

import (
	"faultline/checker"
	"faultline/checker/clocks"
	"faultline/cluster/ops"
)

// happenedBefore has clients broadcast unique messages at a node each, and read which messages the node has sent and received, with what its
// clocks showed. In the end that is read from every node.
type happenedBefore struct{ clocks []string }

var happenedBefores = Info{
	Name: "happened-before",
	Doc:  "clients broadcast unique messages and read what clocks show when they are sent and received; clocks keep the order of what happened before what",
	Clients: "Clients broadcast unique messages, each at one node, and read which messages that node has sent and received, and what its clocks showed. " +
		"In the end all that is read from every node.",
	Holds: "If an event happened before another, Lamport's clock, the hybrid clock and the vector clock show less at the first; and by vector clocks " +
		"only then. With `--consistency-models physical-clock` the nodes' own clocks are judged.",
	Breaks: "Clocks of machines that are off; a logical clock that does not take over what it hears, or begins anew after a restart.",
	Ops:    []string{ops.Broadcast, ops.Stamps},
	Models: Clocks,
	Open:   func(o Options) Workload { return &happenedBefore{o.ConsistencyModels} },
}

func (w *happenedBefore) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &nodeReader{numbers: newNumbers(c.Thread, c.Threads), client: c, f: ops.Stamps}
		}},
		readNodesInTheEnd(ops.Stamps),
	}
}

func (w *happenedBefore) Checkers() []checker.Checker {
	return []checker.Checker{clocks.Checker(w.clocks...)}
}

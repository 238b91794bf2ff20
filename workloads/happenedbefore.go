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
	Doc: "clients broadcast unique messages and read the clocks at which they were sent and received; the clocks keep the happened-before " +
		"order",
	Clients: "Clients broadcast unique messages, each at one node, and read which messages that node has sent and received, and what its " +
		"clocks showed. In the end they read that from every node.",
	Holds: "If one event happened before another, it has the smaller Lamport, hybrid and vector timestamp; for vector clocks the converse " +
		"holds as well. With `--consistency-models physical-clock` the nodes' own clocks are judged.",
	Breaks: "Machine clocks that are wrong; a logical clock that ignores the timestamps it receives, or starts from zero after a restart.",
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

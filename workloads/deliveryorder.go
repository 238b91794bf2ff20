package workloads

import (
	"faultline/checker"
	"faultline/checker/order"
	"faultline/cluster/ops"
)

// deliveryOrder has clients broadcast unique messages at a node each, and read what the node has delivered. In the end that is read from
// every node.
type deliveryOrder struct{ models []string }

var deliveryOrders = Info{
	Name: "delivery-order",
	Doc: "clients broadcast unique messages and read what each node delivers; all nodes deliver the same messages, in the order that is " +
		"promised",
	Clients: "Clients broadcast unique messages, each at one node, and read what that node has delivered. In the end they read from every node " +
		"all that it has delivered.",
	Holds: "Every node delivers every broadcast message, once, in an order: `total-order`, `causal-order` or `fifo-order`; or in any order " +
		"(`reliable`, or `best-effort` if a message may be lost with its sender). Without `--consistency-models` the guarantee of the " +
		"mode is checked.",
	Breaks: "A message that only its sender can repeat, a filter of duplicates that forgets, an order that is lost when a process restarts.",
	Ops:    []string{ops.Broadcast, ops.Deliveries},
	Models: BroadcastModels,
	Open:   func(o Options) Workload { return &deliveryOrder{o.ConsistencyModels} },
}

func (w *deliveryOrder) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &nodeReader{numbers: newNumbers(c.Thread, c.Threads), client: c, f: ops.Deliveries}
		}},
		readNodesInTheEnd(ops.Deliveries),
	}
}

func (w *deliveryOrder) Checkers() []checker.Checker {
	return []checker.Checker{order.Checker(w.models...)}
}

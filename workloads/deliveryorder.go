package workloads

import (
	"faultline/checker"
	"faultline/checker/order"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// deliveryOrder has clients broadcast unique messages at a node each, and read what the node has delivered. In the end that is read from
// every node.
type deliveryOrder struct{ models []string }

var deliveryOrders = Info{
	Name: "delivery-order",
	Doc:  "clients broadcast unique messages and read what each node delivers; all deliver the same, in the order that is promised",
	Clients: "Clients broadcast unique messages, each at one node, and read what that node has delivered. In the end all that it has delivered " +
		"is read from every node.",
	Holds: "Every node delivers what was broadcast, once, in an order: `total-order`, `causal-order` or `fifo-order`; or in any (`reliable`, and " +
		"`best-effort` if what is lost with its sender may be lost). Without `--consistency-models` it is what the mode keeps.",
	Breaks: "A message that only its sender can repeat, a filter of duplicates that forgets, an order that is lost when a process starts again.",
	Ops:    []string{ops.Broadcast, ops.Deliveries},
	Models: BroadcastModels,
	Open:   func(o Options) Workload { return &deliveryOrder{o.ConsistencyModels} },
}

// shareOfBroadcasts is the share of broadcasts in all operations; the rest are reads.
const shareOfBroadcasts = 0.5

func (w *deliveryOrder) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &deliveryThread{numbers: newNumbers(c.Thread, c.Threads), client: c} }},
		{When: After, Generator: func(c Client) Generator {
			if c.Thread > 0 {
				return nil
			}
			return &untilRead{}
		}},
	}
}

func (w *deliveryOrder) Checkers() []checker.Checker {
	return []checker.Checker{order.Checker(w.models...)}
}

// deliveryThread is the application of a node: it broadcasts, and reads on from where it was.
type deliveryThread struct {
	numbers
	client Client
	read   int64
}

func (t *deliveryThread) Next() (cluster.Op, bool) {
	if t.client.Draw.Float64() < shareOfBroadcasts {
		return cluster.Op{F: ops.Broadcast, Value: history.IntValue(t.unique())}, true
	}
	return cluster.Op{F: ops.Deliveries, Value: history.IntValue(t.read)}, true
}

func (t *deliveryThread) Done(op cluster.Op, out cluster.Outcome) {
	if op.F == ops.Deliveries && out.Type == history.OK {
		all, _ := ops.DecodeDelivered(out.Value)
		t.read += int64(len(all))
	}
}

// untilRead reads all that a node has delivered. It tries again some times if the node does not answer.
type untilRead struct {
	failed int
	done   bool
}

func (r *untilRead) Next() (cluster.Op, bool) {
	return cluster.Op{F: ops.Deliveries, Value: history.IntValue(0)}, !r.done && r.failed < failedMost
}

func (r *untilRead) Done(_ cluster.Op, out cluster.Outcome) {
	r.done = out.Type == history.OK
	if !r.done {
		r.failed++
	}
}

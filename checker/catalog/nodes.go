package catalog

import (
	"faultline/checker"
	"faultline/checker/clocks"
	"faultline/checker/order"
	"faultline/cluster/ops"
)

// nodes broadcast messages to each other, and each tells what it has seen of that.
var nodes = []Entry{
	{
		Name: "broadcasts", Aliases: []string{"delivery-order"},
		Doc:       "nodes that broadcast messages and report what they have delivered",
		Functions: []string{ops.Broadcast, ops.Deliveries},
		Judged:    "whether nodes deliver what was broadcast, once, for good, and in the order that --consistency-models names",
		Unjudged:  "what is never delivered",
		Checker:   func(Settings) checker.Checker { return order.InProgress(order.Reliable) },
		Levels:    order.InProgress,
		family:    BroadcastModels,
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Deliveries) {
				return ""
			}
			return "nodes that broadcast messages (deliveries)"
		},
	},
	{
		Name: "clocks", Aliases: []string{"happened-before"},
		Doc:       "clocks of nodes that send messages to each other",
		Functions: []string{ops.Broadcast, ops.Stamps},
		Judged:    "whether Lamport, vector and hybrid clocks, or those that --consistency-models names, keep the happened-before order",
		Checker:   func(Settings) checker.Checker { return clocks.Checker(clocks.Logical()...) },
		Levels:    clocks.Checker,
		family:    Clocks,
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Stamps) {
				return ""
			}
			return "nodes that say what their clocks showed when they sent and received messages (stamps)"
		},
	},
}

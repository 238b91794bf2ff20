package bugs

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/raftkv"
)

// Bugs in how old a read may be. The right way is in raftkv's readBounded.
var bounds = []bug{
	{Bug: cluster.Bug{
		Name:    "unbounded-staleness",
		Summary: "reads that may be a second old are served by any node, whenever it last heard how far the others were",
		Why: "A follower that is cut off has no idea how old its state is, and if it is not to ask, nobody has. What Consul, " +
			"CockroachDB and Cosmos DB promise of stale reads rests on that question.",
		File:      "cluster/raftkv/bugs/bounds.go",
		Staleness: time.Second},
		parts: raftkv.Parts{Config: func(c *raftkv.Config) { c.Read, c.Bound = "bounded", 1000*time.Hour }}},
}

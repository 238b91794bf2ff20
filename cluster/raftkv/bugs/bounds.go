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
		Summary: "any node serves reads that may be a second old, however long it has not heard from the others",
		Why: "A follower that is cut off does not know how old its state is unless it asks. The promises of Consul, CockroachDB and Cosmos DB " +
			"about stale reads rest on that question.",
		File:      "cluster/raftkv/bugs/bounds.go",
		Staleness: time.Second},
		parts: raftkv.Parts{Config: func(c *raftkv.Config) { c.Read, c.Bound = "bounded", 1000*time.Hour }}},
}

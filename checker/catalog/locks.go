package catalog

import (
	"fmt"

	"faultline/checker/lease"
	"faultline/checker/linear"
	"faultline/cluster/ops"

	"faultline/checker"
)

// locks are held by one process at a time.
var locks = []Entry{
	{
		Name: "fenced-lock", Aliases: []string{"fenced-mutex"},
		Doc:          "a lock that gives its holder a token, larger than those before (Hazelcast's fenced lock)",
		unmistakable: (*Guesser).fenced,
	},
	{
		Name: "reentrant-lock", Aliases: []string{"reentrant-mutex"},
		Doc: "a lock that its holder may acquire again",
		unmistakable: func(g *Guesser) string {
			if g.reentered == nil {
				return ""
			}
			return fmt.Sprintf("a reentrant lock (process %d acquires at %v what it has)", g.reentered.Process, g.reentered.Invoke)
		},
	},
	{
		Name: "mutex", Linear: linear.Mutex,
		Doc:      "a lock that is acquired and released in turn",
		Judged:   everyOperation,
		Unjudged: "who acquires and who releases",
		fits:     always,
		observed: []string{"release"}, // which has nothing to tell
	},
}

// leases are what keys are attached to.
var leases = []Entry{
	{
		Name:      "lease",
		Doc:       "leases live as long as they are kept alive, and keys that are attached end with them",
		Functions: []string{ops.Grant, ops.Attach, ops.KeepAlive, ops.Revoke, ops.Read},
		Judged:    "what reads of attached keys see, by the times of grants, renewals and revocations",
		Checker:   func(Settings) checker.Checker { return lease.Checker() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Grant) || !g.used(ops.Attach) {
				return ""
			}
			return "leases (grant and attach)"
		},
	},
}

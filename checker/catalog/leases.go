package catalog

import (
	"faultline/checker"
	"faultline/checker/lease"
	"faultline/cluster/ops"
)

// leases are what keys are attached to.
var leases = []Entry{
	{
		Name:      "lease",
		Doc:       "leases that live as long as they are kept alive, and keys that end with their lease",
		Functions: []string{ops.Grant, ops.Attach, ops.KeepAlive, ops.Revoke, ops.Read},
		Judged:    "what reads of attached keys see, given the times of grants, renewals and revocations",
		Checker:   func(Settings) checker.Checker { return lease.Checker() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Grant) || !g.used(ops.Attach) {
				return ""
			}
			return "leases (grant and attach)"
		},
	},
}

package catalog

import (
	"faultline/checker/lease"
	"faultline/checker/linear"
	"faultline/checker/locks"
	"faultline/cluster/ops"

	"faultline/checker"
)

// held are locks, by one process at a time, and semaphores, by several.
var held = []Entry{
	{
		Name:      "fencing",
		Doc:       "a lock that may be lost while it is held, and a register that it protects, written with the tokens of the lock",
		Functions: []string{ops.Acquire, ops.Release, ops.FencedWrite, ops.Read},
		Judged:    "whether tokens grow, and whether the register takes a smaller token after a larger one",
		Unjudged:  "who holds the lock, and values",
		Checker:   func(Settings) checker.Checker { return locks.Fenced() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Acquire) || !g.used(ops.FencedWrite) {
				return ""
			}
			return "a lock and what it protects (acquire and write)"
		},
	},
	{
		Name: "lock", Aliases: []string{"fenced-lock", "fenced-mutex", "owner-aware-mutex"},
		Doc:          "a mutex that only its holder may release; its fencing tokens grow, if it has any (Hazelcast's fenced lock)",
		Functions:    locking,
		Judged:       "whether two processes hold it at once, who releases it, and whether tokens grow",
		Checker:      func(Settings) checker.Checker { return locks.Mutex() },
		unmistakable: (*Guesser).fenced,
	},
	{
		Name: "reentrant-lock", Aliases: []string{"reentrant-mutex", "reentrant-fenced-mutex"},
		Doc:       "a lock that its holder may acquire again, with the same token, and must release as often",
		Functions: locking,
		Judged:    "whether two processes hold it at once, who releases it, and whether tokens grow",
		Checker:   func(Settings) checker.Checker { return locks.Reentrant() },
		fits:      func(g *Guesser) bool { return g.reentered != nil },
	},
	{
		Name: "semaphore", Aliases: []string{"acquired-permits"},
		Doc:       "a number of permits, each held by one process at a time",
		Functions: locking,
		Judged:    "whether more permits are held at once than there are, and who gives them back",
		Options: []Option{
			{Name: "permits", Doc: "how many there are (default: what the argument of acquire says)", Parse: wholeNumber},
		},
		Checker: func(s Settings) checker.Checker {
			if n := s.number("permits"); n != nil {
				return locks.Semaphore(int(*n))
			}
			return locks.Semaphore(0)
		},
		fits: func(g *Guesser) bool {
			return g.of(ops.Acquire).in.shape == anInteger && g.permits.several && !g.permits.differ
		},
	},
	{
		Name: "mutex", Linear: linear.Mutex,
		Doc:      "a lock that is acquired and released in turn, whoever holds it",
		Judged:   everyOperation,
		Unjudged: "who acquires and who releases",
		fits:     always,
		observed: []string{"release"}, // which has nothing to tell
	},
}

var locking = []string{ops.Acquire, ops.Release}

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

package catalog

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/locks"
	"faultline/cluster/ops"
)

// exclusion is what is held by one process at a time.
var exclusion = []Entry{
	{
		Name:      "fencing",
		Doc:       "a lock that may be lost while it is held, and a register that it protects, written with the lock's tokens",
		Functions: []string{ops.Acquire, ops.Release, ops.FencedWrite, ops.Read},
		Judged:    "whether tokens grow, and whether the register takes a smaller token after a larger one",
		Unjudged:  "the holders of the lock, and values",
		Checker:   func(Settings) checker.Checker { return locks.Fenced() },
		unmistakable: func(g *Guesser) string {
			if !g.used(ops.Acquire) || !g.used(ops.FencedWrite) {
				return ""
			}
			return "a lock and what it protects (acquire and write)"
		},
	},
	{
		Name: "lock", Aliases: []string{"owner-aware-mutex", "fenced-lock", "fenced-mutex"},
		Doc:       "a lock that knows its holder; if acquire returns tokens, they grow (Hazelcast's fenced lock)",
		Functions: locking,
		Judged:    "whether one process at a time holds the lock, only the holder releases it, and tokens grow",
		Weaker:    []string{"reentrant-lock", "mutex"},
		Checker:   func(Settings) checker.Checker { return locks.Mutex() },
		unmistakable: func(g *Guesser) string {
			if g.reentered != nil {
				return "" // it may be a reentrant one
			}
			return g.fenced()
		},
	},
	{
		Name: "reentrant-lock", Aliases: []string{"reentrant-mutex", "reentrant-fenced-mutex"},
		Doc:       "a lock that its holder may acquire again and must release as often",
		Functions: locking,
		Judged:    "whether one process at a time holds the lock, only the holder releases it, and tokens grow",
		Checker:   func(Settings) checker.Checker { return locks.Reentrant() },
		fits:      func(g *Guesser) bool { return g.reentered != nil },
	},
	{
		Name: "semaphore", Aliases: []string{"acquired-permits"},
		Doc:       "permits; a process may hold several",
		Functions: locking,
		Judged:    "whether no more permits are held than there are, and only a holder releases one",
		Options:   []Option{{Name: "permits", Doc: "how many there are (default: the argument of each acquire)", Parse: aboveZero}},
		Checker: func(s Settings) checker.Checker {
			permits := 0
			if n := s.number("permits"); n != nil {
				permits = int(*n)
			}
			return locks.Semaphore(permits)
		},
		fits: func(g *Guesser) bool {
			return g.of(ops.Acquire).in.shape == anInteger && g.permits.several && !g.permits.differ
		},
	},
	{
		Name: "mutex", Linear: linear.Mutex,
		Doc:      "a lock that is acquired and released in turn, by any process",
		Judged:   everyOperation,
		Unjudged: "which process acquires and which releases",
		Weaker:   []string{"reentrant-lock"},
		fits:     always,
		observed: []string{"release"}, // which has nothing to tell
	},
}

var locking = []string{ops.Acquire, ops.Release}

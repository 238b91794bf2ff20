package bugs

import (
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/raftkv"
)

// Bugs in reads that a leader serves by itself for a while. The right way is in raftkv's lease.
var leases = []bug{
	{Bug: cluster.Bug{
		Name:    "overlong-lease",
		Summary: "a confirmed leader serves reads on its own for two seconds; an election takes half a second",
		Why: "A lease must end before another node can be elected. A deposed leader that is cut off, or that was paused, goes on serving its " +
			"old state (Ongaro 2014, 6.4.1).",
		File: "cluster/raftkv/bugs/leases.go"},
		parts: raftkv.Parts{Read: overlongLease}},
}

// overlongLease has the level confirm the leader, and then trusts that for a time.
func overlongLease(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	const length = 2 * time.Second
	var mu sync.Mutex
	var until time.Time
	var term uint64
	return func(r *raftkv.Request) (raftkv.Result, error) {
		mu.Lock()
		leased := time.Now().Before(until) && n.Raft().CurrentTerm() == term
		mu.Unlock()
		if leased {
			return n.Local(&r.Command), nil
		}
		begun, in := time.Now(), n.Raft().CurrentTerm()
		found, err := next(r)
		if err == nil && n.Raft().CurrentTerm() == in {
			mu.Lock()
			until, term = begun.Add(length), in
			mu.Unlock()
		}
		return found, err
	}
}

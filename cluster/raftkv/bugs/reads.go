package bugs

import (
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/raftkv"
)

// Bugs in how a node serves reads. The right order is in raftkv's readIndex.
var reads = []bug{
	{Bug: cluster.Bug{
		Name:    "deposed-leader-reads",
		Summary: "a node checks every three seconds whether it leads, and answers reads from its own state in between",
		Why: "A leader that is cut off goes on serving its state while its successor takes writes. Jepsen found this in etcd and Consul in " +
			"2014, whose leaders read without asking any other node.",
		File: "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Read: deposedLeaderReads}},
	{Bug: cluster.Bug{
		Name:    "unconfirmed-reads",
		Summary: "a leader counts any answer of one other node, even a refusal, as confirmation by a majority",
		Why: "A leader that was deposed during a pause does not know it when it wakes; step 3 of ReadIndex (Ongaro 2014, 6.4) exists for that " +
			"moment.",
		File: "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Quorum: func(int) int { return 1 }, Read: confirmedReads}},
	{Bug: cluster.Bug{
		Name:    "minority-confirms",
		Summary: "a confirmation needs one node fewer than a majority",
		Why: "Half of a divided cluster confirms its old leader while the majority has another. Off by one in a quorum: the majority of five " +
			"is three, including the leader.",
		File: "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Quorum: func(nodes int) int { return nodes / 2 }, Read: confirmedReads}},
	{Bug: cluster.Bug{
		Name:    "unready-leader-reads",
		Summary: "a new leader serves reads before it has committed an entry in its term",
		Why: "Its log has everything that was acknowledged, but it does not know yet how much of that is committed, and has not applied it. " +
			"hashicorp/raft #603: VerifyLeader and then a read is not linearizable.",
		File: "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Read: unreadyLeaderReads}},
	{Bug: cluster.Bug{
		Name:    "read-then-wait",
		Summary: "a read first looks up the key, and then waits until this node may serve reads",
		Why: "All the steps of ReadIndex in the wrong order: when a candidate becomes the leader, the reads that waited there return what it " +
			"knew as a follower.",
		File: "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Read: readThenWait}},
	{Bug: cluster.Bug{
		Name:    "follower-reads",
		Summary: "a node that a client takes for the leader serves its reads, whether it leads or not",
		Why: "A follower is behind: slightly in good times, far in bad times. MongoDB and others have served secondary reads to clients that " +
			"had asked for the primary.",
		File: "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Read: func(n *raftkv.Node, _ raftkv.Read) raftkv.Read {
			return func(r *raftkv.Request) (raftkv.Result, error) { return n.Local(&r.Command), nil }
		}}},
	{Bug: cluster.Bug{
		Name:    "cached-reads",
		Summary: "a read is answered from a cache, whose values are valid for 50 ms",
		Why:     "A time to live is a promise about the future that only a lease can keep: nothing tells the cache of a write.",
		File:    "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Read: cachedReads}},
	{Bug: cluster.Bug{
		Name:    "dirty-reads",
		Summary: "a leader answers with the newest write in its log, committed or not",
		Why: "An uncommitted write may yet be replaced by another leader's: the value read then never existed. Jepsen found dirty reads in " +
			"Elasticsearch, VoltDB and Redis-Raft.",
		File: "cluster/raftkv/bugs/reads.go"},
		parts: raftkv.Parts{Read: dirtyReads}},
}

func deposedLeaderReads(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	const period = 3 * time.Second
	var mu sync.Mutex
	var looked time.Time
	var leads bool
	return func(r *raftkv.Request) (raftkv.Result, error) {
		mu.Lock()
		if !leads || time.Since(looked) > period {
			looked, leads = time.Now(), n.Ready() != 0
		}
		serve := leads
		mu.Unlock()
		if serve {
			return n.Local(&r.Command), nil
		}
		return next(r)
	}
}

// confirmedReads trusts the confirmation alone: by a true majority, to a node that was ready in the term,
// it would be enough, whatever raft believes of leases.
func confirmedReads(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	var mu sync.Mutex
	var term uint64 // in which the node was ready last
	return func(r *raftkv.Request) (raftkv.Result, error) {
		mu.Lock()
		if now := n.Ready(); now != 0 {
			term = now
		}
		t := term
		mu.Unlock()
		if t == 0 || !n.Confirm(t) {
			return next(r)
		}
		return n.Local(&r.Command), nil
	}
}

func unreadyLeaderReads(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	return func(r *raftkv.Request) (raftkv.Result, error) {
		if n.Leads() {
			return n.Local(&r.Command), nil
		}
		return next(r)
	}
}

func readThenWait(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	const tries, pause = 15, 20 * time.Millisecond
	return func(r *raftkv.Request) (raftkv.Result, error) {
		found := n.Local(&r.Command)
		for range tries {
			_, err := next(r)
			if err == nil {
				return found, nil
			}
			if leader, _ := n.Raft().LeaderWithID(); leader != "" && !n.Leads() {
				return raftkv.Result{}, err
			}
			time.Sleep(pause)
		}
		return next(r)
	}
}

// question is what a read asks for.
type question struct{ name, key, argument string }

func cachedReads(_ *raftkv.Node, next raftkv.Read) raftkv.Read {
	const good = 50 * time.Millisecond
	type entry struct {
		found raftkv.Result
		since time.Time
	}
	var mu sync.Mutex
	cache := map[question]entry{}
	return func(r *raftkv.Request) (raftkv.Result, error) {
		asked := question{r.Command.Name, r.Command.Key, r.Command.New}
		mu.Lock()
		e, ok := cache[asked]
		mu.Unlock()
		if ok && time.Since(e.since) < good {
			return e.found, nil
		}
		found, err := next(r)
		if err == nil {
			mu.Lock()
			cache[asked] = entry{found, time.Now()}
			mu.Unlock()
		}
		return found, err
	}
}

func dirtyReads(n *raftkv.Node, next raftkv.Read) raftkv.Read {
	return func(r *raftkv.Request) (raftkv.Result, error) {
		if !n.Leads() {
			return next(r)
		}
		last, err := n.Logs().LastIndex()
		if err != nil {
			return raftkv.Result{}, err
		}
		for i := last; i > n.Raft().CommitIndex(); i-- {
			if c, ok := entry(n, i); ok && c.Op == raftkv.OpPut && c.Key == r.Command.Key {
				return raftkv.Result{Matched: true, Present: true, Value: c.New, Index: i}, nil
			}
		}
		return next(r)
	}
}

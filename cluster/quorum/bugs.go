package quorum

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

const bugsFile = "cluster/quorum/bugs.go"

// ofSiblings are the operations that show what becomes of siblings.
var ofSiblings = []string{ops.Of(ops.Siblings, ops.Read), ops.Of(ops.Siblings, ops.Write)}

var bugs = cluster.Bugs[*replica]{
	{Bug: cluster.Bug{Name: "one-is-enough", File: bugsFile, Mode: "abd",
		Summary: "a write is acknowledged once one replica has it",
		Why:     "the next read may ask the others; Cassandra's consistency level ANY counts a hint as a replica in the same way"},
		Plant: func(r *replica) { r.enough = func(acks int) bool { return acks >= 1 } }},
	{Bug: cluster.Bug{Name: "counted-twice", File: bugsFile, Mode: "abd", Canary: true,
		Summary: "a coordinator counts the answer of one replica twice when another does not answer",
		Why:     "two answers of one node are not a majority; a node listed under two addresses also counts twice"},
		Plant: countedTwice},
	{Bug: cluster.Bug{Name: "write-back-skipped", File: bugsFile, Mode: "abd", Nemesis: []string{"disk-slow"},
		Summary: "a read returns what it has found without writing it back",
		Why:     "one read returns a write in progress, and a later read returns the previous value: new-old inversion"},
		Plant: func(r *replica) { r.writeBack = func(string, versioned.Object) bool { return true } }},
	{Bug: cluster.Bug{Name: "last-arrival-wins", File: bugsFile, Mode: "abd",
		Summary: "a replica accepts every write that arrives, without comparing tags",
		Why:     "a read repair or a late message replaces a newer version by an older one"},
		Plant: func(r *replica) { r.rule = lastArrivalWins }},
	{Bug: cluster.Bug{Name: "ties-by-arrival", File: bugsFile, Mode: "abd",
		Summary: "of two writes with the same time a replica keeps the one that it has",
		Why:     "replicas decide differently and never agree; this is why Cassandra breaks ties by value"},
		Plant: func(r *replica) { r.rule = tiesByArrival }},
	{Bug: cluster.Bug{Name: "vector-without-dots", File: bugsFile, Mode: "siblings", Ops: ofSiblings, Workload: "siblings",
		Summary: "a write replaces everything that the same node has written before, because its version vector is larger",
		Why: "of two clients at one node the second overwrites what it has not read; so did version vectors that count servers, before dots " +
			"(Preguiça and others 2010)"},
		Plant: func(r *replica) { r.put = r.withoutDots }},
	{Bug: cluster.Bug{Name: "context-ignored", File: bugsFile, Mode: "siblings", Ops: ofSiblings, Workload: "siblings",
		Summary: "a write replaces everything that its coordinator has, whatever the client has read",
		Why:     "concurrent writes are lost, as if the last one won"},
		Plant: func(r *replica) { r.put = r.contextIgnored }},
	{Bug: cluster.Bug{Name: "hint-dropped", File: bugsFile, Mode: "dynamo", Ops: ofSiblings, Workload: "siblings",
		Summary: "a node deletes a hint, and what it kept of the key, once it has tried to deliver it",
		Why: "a write that only other nodes hold for the replicas never reaches them, and a node restarts its count of writes; Cassandra drops " +
			"hints after three hours"},
		Plant: hintDropped},
}

func countedTwice(r *replica) {
	real := r.ask
	r.ask = func(key string, request func(owner string) rpc.Request) <-chan rpc.Heard {
		heard, counted := real(key, request), make(chan rpc.Heard, r.sizes.n)
		r.Go(func() {
			var done rpc.Heard
			for range r.sizes.n {
				h := <-heard
				if h.Did() {
					done = h
				} else if done.Node != "" {
					h = done
				}
				counted <- h
			}
		})
		return counted
	}
}

func lastArrivalWins(has, comes versioned.Object) versioned.Object {
	if len(comes.Versions) == 0 {
		return has
	}
	return comes
}

func tiesByArrival(has, comes versioned.Object) versioned.Object {
	if has.Latest().Compare(comes.Latest()) >= 0 {
		return has
	}
	return comes
}

func (r *replica) withoutDots(o versioned.Object, value string, at logical.Hybrid, context logical.Vector) versioned.Object {
	context = context.Clone()
	context.Merge(logical.Vector{r.Node(): o.Seen[r.Node()]})
	return r.putting(o, value, at, context)
}

func (r *replica) contextIgnored(o versioned.Object, value string, at logical.Hybrid, _ logical.Vector) versioned.Object {
	return r.putting(o, value, at, o.Seen)
}

func hintDropped(r *replica) {
	real := r.call
	r.call = func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error) {
		response, err := real(node, q, timeout)
		var hinted copied
		if err == nil || q.Kind != handOff || q.Decode(&hinted) != nil {
			return response, err
		}
		r.Lock()
		defer r.Unlock()
		r.objects[hinted.Key] = versioned.Object{}
		delete(r.hints, hint{node, hinted.Key})
		return response, err
	}
}

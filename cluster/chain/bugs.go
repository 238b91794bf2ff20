package chain

import (
	"faultline/cluster"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

const bugsFile = "cluster/chain/bugs.go"

var bugs = cluster.Bugs[*replica]{
	{Bug: cluster.Bug{Name: "head-acknowledges", File: bugsFile, Mode: "fenced", Canary: true,
		Summary: "the head acknowledges a write once it has the write itself",
		Why:     "the client is told before the tail has the write, so a read at the tail misses it, and a change of the head loses it"},
		Plant: headAcknowledges},
	{Bug: cluster.Bug{Name: "newcomer-serves", File: bugsFile, Mode: "fenced",
		Summary: "a node that has just joined the chain serves reads, and removes others, before it has caught up",
		Why:     "its state is from the time of its removal; every store that adds replicas has had this bug once"},
		Plant: newcomerServes},
	{Bug: cluster.Bug{Name: "restart-forgotten", File: bugsFile, Mode: "fenced",
		Summary: "a tail that restarts in its epoch serves reads before it has committed again what it had",
		Why:     "it has served newer values before; this store had that bug, until --nemesis all found it"},
		Plant: restartForgotten},
	{Bug: cluster.Bug{Name: "dirty-answered", File: bugsFile, Mode: "craq",
		Summary: "a node answers with a value that it does not know to be committed, without asking the tail",
		Why:     "a read sees a write, and a later one at another node does not; CRAQ marks values clean and dirty to prevent this"},
		Plant: dirtyAnswered},
	{Bug: cluster.Bug{Name: "old-epoch-accepted", File: bugsFile, Mode: "fenced",
		Summary: "a node accepts writes passed on in an earlier epoch than its own",
		Why:     "a removed head goes on, and two heads append to one log"},
		Plant: oldEpochAccepted},
}

func headAcknowledges(r *replica) {
	real := r.committedBy
	r.committedBy = func(node string) bool { return real(node) || r.chain.head() == node }
}

func newcomerServes(r *replica) { r.isReady = func(uint64) bool { return true } }

func restartForgotten(r *replica) {
	r.isReady = func(n uint64) bool { return r.log.At(n).Epoch == r.chain.epoch }
}

func dirtyAnswered(r *replica) {
	r.isDirty = func(c kv.Command) bool {
		if r.dirty(c) {
			r.commit(r.log.Length())
		}
		return false
	}
}

// oldEpochAccepted has the node believe that whatever is passed on comes from the node before it, in its epoch.
func oldEpochAccepted(r *replica) {
	real := r.answer
	r.answer = func(from string, q rpc.Request) rpc.Response {
		if q.Kind == "pass" {
			r.Lock()
			from, q.Term = r.chain.before(r.Node()), max(q.Term, r.chain.epoch)
			r.Unlock()
		}
		return real(from, q)
	}
}

package crdt

import (
	"time"

	"faultline/cluster"
	"faultline/cluster/broadcast"
	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

const bugsFile = "cluster/crdt/bugs.go"

var bugs = cluster.Bugs[*replica]{
	{Bug: cluster.Bug{Name: "removed-come-back", File: bugsFile, Canary: true, Ops: []string{ops.Of(ops.ORSet, ops.Remove)}, Workload: "crdt-set",
		Summary: "a join of sets is their union",
		Why: "an element removed at one node comes back from another; so did items removed from Amazon's shopping carts (DeCandia and others " +
			"2007)"},
		Plant: removedComeBack},
	{Bug: cluster.Bug{Name: "remove-unseen", File: bugsFile, Ops: []string{ops.Of(ops.ORSet, ops.Remove)}, Workload: "crdt-set",
		Summary: "a remove removes all adds that the node has, and not those that the client has seen",
		Why: "an add that is concurrent with the remove is lost, though adds should win; so it is in sets that remove by value, and with " +
			"clients of Riak that send no context"},
		Plant: removeUnseen},
	{Bug: cluster.Bug{Name: "counters-summed", File: bugsFile, Ops: []string{ops.Of(ops.PNCounter, ops.Add)}, Workload: "crdt-counter",
		Summary: "a join of counters is the sum of their counts",
		Why: "a message that arrives twice counts twice; this is why a counter has a number for each actor, and a join takes the larger one " +
			"(Shapiro and others 2011)"},
		Plant: countersSummed},
	{Bug: cluster.Bug{Name: "ties-by-arrival", File: bugsFile, Ops: []string{ops.Of(ops.LWWRegister, ops.Write)}, Workload: "crdt-register",
		Summary: "of two writes with the same time the one that arrives last wins",
		Why:     "nodes that get them in different orders differ for ever; this is why Cassandra compares the values"},
		Plant: tiesByArrival},
	{Bug: cluster.Bug{Name: "siblings-overwritten", File: bugsFile, Ops: []string{ops.Of(ops.MVRegister, ops.Write)}, Workload: "crdt-register",
		Summary: "a write overwrites all values that the node has, and not those that the client has seen",
		Why: "a concurrent write is lost without a trace, as with version vectors of nodes that do not tell clients apart (Preguiça and others " +
			"2010)"},
		Plant: siblingsOverwritten},
	{Bug: cluster.Bug{Name: "session-forgotten", File: bugsFile,
		Summary: "a node answers a client even if it lacks what the client has seen",
		Why:     "a client that moves to another node does not read its own writes; so it is in eventually consistent stores without sessions"},
		Plant: sessionForgotten},
	{Bug: cluster.Bug{Name: "told-before-synced", File: bugsFile,
		Summary: "a node syncs only every other update before it sends it",
		Why:     "a power loss at the node loses an acknowledged update, unless it was passed on; so it is in Redis, which syncs once a second"},
		Plant: toldBeforeSynced},
	{Bug: cluster.Bug{Name: "silence-is-consent", File: bugsFile, Mode: "delta",
		Summary: "a node assumes that others have received the deltas that it has sent",
		Why: "a lost delta does not come again, and later ones arrive before it: the causal delta-merging condition is broken (Almeida and " +
			"others 2018)"},
		Plant: silenceIsConsent},
	{Bug: cluster.Bug{Name: "remove-before-add", File: bugsFile, Mode: "op", Ops: []string{ops.Of(ops.ORSet, ops.Remove)}, Workload: "crdt-set",
		Summary: "updates spread by gossip, in the order of each node and not in causal order",
		Why: "a remove that comes before the add that it has seen removes nothing; types that send operations need causal broadcast (Shapiro " +
			"and others 2011)"},
		Plant: removeBeforeAdd},
	{Bug: cluster.Bug{Name: "interleaved", File: "cluster/crdt/positions.go", Ops: []string{ops.Of(ops.Text, ops.Insert)}, Workload: "crdt-text",
		Summary: "a character gets a position between those of its neighbours, as in Logoot and LSEQ",
		Why: "two clients that type at one place choose the same positions, and their words are interleaved character by character (Kleppmann " +
			"and others 2019, Interleaving anomalies in collaborative text editors)"},
		Plant: interleaved},
	{Bug: cluster.Bug{Name: "moves-in-circles", File: bugsFile, Ops: []string{ops.Of(ops.Tree, ops.Move)}, Workload: "crdt-tree",
		Summary: "the last move of a node counts, wherever it puts the node",
		Why:     "two concurrent moves put each node below the other, and both are gone from the tree; Google Drive failed there, and Dropbox made copies (Kleppmann and others 2021)"},
		Plant: movesInCircles},
}

// removedComeBack joins sets as if neither side had seen anything: what one of them has is there.
func removedComeBack(r *replica) {
	r.join = func(o, other *datatypes.Object) {
		if o.Type != ops.ORSet {
			o.Join(other)
			return
		}
		seen := o.Seen
		seen.Merge(other.Seen)
		o.Seen = datatypes.Dots{}
		o.Join(&datatypes.Object{Type: o.Type, Content: other.Content})
		o.Seen = seen
	}
}

// blind has updates of a type take away whatever is at the node.
func blind(r *replica, name, f string) {
	r.delta = func(o *datatypes.Object, u datatypes.Update) (*datatypes.Object, error) {
		if o.Type != name || u.F != f {
			return o.Delta(u)
		}
		u.Context = o.Seen.Vector.Clone()
		u.Context[u.Node] = u.N - 1
		return o.Delta(u)
	}
}

func removeUnseen(r *replica) { blind(r, ops.ORSet, ops.Remove) }

func siblingsOverwritten(r *replica) { blind(r, ops.MVRegister, ops.Write) }

func countersSummed(r *replica) {
	r.join = func(o, other *datatypes.Object) {
		theirs, counter := other.Content.(*datatypes.PNCounter)
		if !counter {
			o.Join(other)
			return
		}
		mine := o.Content.(*datatypes.PNCounter)
		summed := &datatypes.PNCounter{Plus: plus(mine.Plus, theirs.Plus), Minus: plus(mine.Minus, theirs.Minus)}
		o.Join(&datatypes.Object{Type: o.Type, Seen: other.Seen, Content: summed})
	}
}

func plus(a, b datatypes.GCounter) datatypes.GCounter {
	sum := a.Added.Clone()
	for actor, n := range b.Added {
		sum[actor] += n
	}
	return datatypes.GCounter{Added: sum}
}

func tiesByArrival(r *replica) {
	r.join = func(o, other *datatypes.Object) {
		theirs, register := other.Content.(*datatypes.LWWRegister)
		if register && o.Content.(*datatypes.LWWRegister).Stamp.Time == theirs.Stamp.Time {
			o.Content = &datatypes.LWWRegister{Stamp: theirs.Stamp, Value: theirs.Value}
		}
		o.Join(other)
	}
}

func sessionForgotten(r *replica) {
	r.lacks = func(*datatypes.Object, logical.Vector) bool { return false }
}

func toldBeforeSynced(r *replica) {
	n := 0
	r.keep = func(keep func([]change) error, changes []change) error {
		if n++; n%2 == 0 {
			return nil
		}
		return keep(changes)
	}
}

func silenceIsConsent(r *replica) {
	real := r.call
	r.call = func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error) {
		response, err := real(node, q, timeout)
		if err != nil {
			return rpc.Answer(0, "", nil), nil
		}
		return response, nil
	}
}

// removeBeforeAdd makes updates whether or not what they were made in view of is there.
func removeBeforeAdd(r *replica) {
	r.spread, r.order = broadcast.Gossip, broadcast.FIFO
	r.delta = func(o *datatypes.Object, u datatypes.Update) (*datatypes.Object, error) {
		asIfThere := &datatypes.Object{Type: o.Type, Content: o.Content}
		asIfThere.Seen.Merge(datatypes.Dots{Vector: u.Context})
		return asIfThere.Delta(u)
	}
}

func movesInCircles(r *replica) {
	r.value = func(o *datatypes.Object) history.Value {
		tree, ok := o.Content.(*datatypes.Tree)
		if !ok {
			return o.Value()
		}
		var entries [][2]history.Value
		for _, m := range tree.Moves() {
			entries = append(entries, [2]history.Value{history.IntValue(m.Child), history.IntValue(m.Parent)})
		}
		return history.MapValue(entries...) // of a key that comes twice the last value counts
	}
}

package broadcast

import (
	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
)

const bugsFile = "cluster/broadcast/bugs.go"

var bugs = cluster.Bugs[*Broadcast]{
	{Bug: cluster.Bug{Name: "amnesic-filter", File: bugsFile, Mode: "reliable",
		Summary: "which messages a node has received is in its memory only",
		Why:     "what is sent again to a process that has started again is delivered again; Raft's dissertation (6.3) has clients' requests filtered by what is replicated for this reason"},
		Plant: amnesicFilter},
	{Bug: cluster.Bug{Name: "numbered-anew", File: bugsFile, Mode: "reliable", Canary: true, FoundBy: []string{"delivery-order"},
		Summary: "a process numbers its messages from 1",
		Why:     "after a restart others take a new message for an old one, and drop it; TCP has hosts that forget their numbers keep quiet for a while (RFC 793)"},
		Plant: func(b *Broadcast) { b.order = &numbered{order: b.order} }},
	{Bug: cluster.Bug{Name: "acknowledged-unsynced", File: bugsFile, Mode: "reliable",
		Summary: "a node acknowledges what it has in its memory only",
		Why:     "the sender repeats it no more, and a crash loses it; Kafka acknowledges what is not synced, and counts on the other replicas"},
		Plant: acknowledgedUnsynced},
	{Bug: cluster.Bug{Name: "sender-only", File: bugsFile, Mode: "reliable",
		Summary: "only the sender of a message passes it on",
		Why:     "if it dies some have delivered the message and others never do: best-effort broadcast, taken for reliable"},
		Plant: func(b *Broadcast) { b.config.Spread = Once }},
	{Bug: cluster.Bug{Name: "own-dependency", File: bugsFile, Mode: "causal",
		Summary: "a message does not depend on those that its sender sent before it",
		Why:     "two messages of one node change places, though one happened before the other; vectors that count only what was received do so"},
		Plant: func(b *Broadcast) { b.order = selfless{b.order, b.process.Node()} }},
	{Bug: cluster.Bug{Name: "impatient", File: bugsFile, Mode: "total-lamport",
		Summary: "a node delivers a message when a majority has acknowledged it",
		Why:     "a node that was not asked may have sent an earlier one; a majority decides only where it is asked before anything is proposed, as in Paxos"},
		Plant: impatient},
	{Bug: cluster.Bug{Name: "deaf-clock", File: bugsFile, Mode: "reliable", Workload: "happened-before", Ops: []string{ops.Stamps},
		Summary: "the clocks of a node do not take over what they hear from a sender",
		Why:     "an effect has an earlier time than its cause, and last write wins keeps the cause; counters that are kept for each node do so"},
		Plant: func(b *Broadcast) {
			b.heard = func(logical.Reading) logical.Reading { return logical.Reading{} }
		}},
	{Bug: cluster.Bug{Name: "places-unsynced", File: bugsFile, Mode: "total-leader",
		Summary: "the leader has the places that it has given in its memory only",
		Why:     "when it starts again it gives them to other messages; sequence numbers that a counter in memory gives out do so"},
		Plant: placesUnsynced},
}

func amnesicFilter(b *Broadcast) {
	since := map[logical.Dot]bool{}
	b.knew = func(id logical.Dot) bool {
		known := since[id] || id.Node == b.process.Node()
		since[id] = true
		return known
	}
}

// numbered gives this process's messages numbers of its own.
type numbered struct {
	order
	n uint64
}

func (o *numbered) stamp(m *Message) {
	o.n++
	m.ID.N = o.n
	o.order.stamp(m)
}

func acknowledgedUnsynced(b *Broadcast) {
	real := b.keep
	b.keep = func(r record) error {
		if r.Messages[0].ID.Node != b.process.Node() {
			return nil
		}
		return real(r)
	}
}

// selfless stamps messages without what they owe to their own sender.
type selfless struct {
	order
	node string
}

func (o selfless) stamp(m *Message) {
	o.order.stamp(m)
	delete(m.After, o.node)
}

func impatient(b *Broadcast) {
	l := b.order.(*lamport)
	l.others = l.others[:len(l.others)/2]
}

func placesUnsynced(b *Broadcast) {
	if b.process.Node() == b.leader {
		b.keep = func(record) error { return nil }
	}
}

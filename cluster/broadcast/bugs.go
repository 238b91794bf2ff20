package broadcast

import (
	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
)

const bugsFile = "cluster/broadcast/bugs.go"

var bugs = cluster.Bugs[*Broadcast]{
	{Bug: cluster.Bug{Name: "amnesic-filter", File: bugsFile, Mode: "reliable",
		Summary: "a node remembers only in memory which messages it has received",
		Why: "a message that is repeated to a restarted process is delivered again; this is why Raft filters clients' requests by replicated " +
			"state (Ongaro 2014, 6.3)"},
		Plant: amnesicFilter},
	{Bug: cluster.Bug{Name: "numbered-anew", File: bugsFile, Mode: "reliable", Canary: true, FoundBy: []string{"delivery-order"},
		Summary: "a process numbers its messages from 1 after every start",
		Why: "after a restart others take a new message for an old one, and drop it; TCP hosts that forget their numbers keep quiet for a " +
			"while (RFC 793)"},
		Plant: func(b *Broadcast) { b.order = &numbered{order: b.order} }},
	{Bug: cluster.Bug{Name: "acknowledged-unsynced", File: bugsFile, Mode: "reliable",
		Summary: "a node acknowledges messages that it has only in memory",
		Why: "the sender stops repeating them, and a crash loses them; Kafka also acknowledges unsynced records, and relies on the other " +
			"replicas"},
		Plant: acknowledgedUnsynced},
	{Bug: cluster.Bug{Name: "sender-only", File: bugsFile, Mode: "reliable",
		Summary: "only the sender of a message passes it on",
		Why:     "if it dies some nodes have delivered the message and others never do: best-effort broadcast, taken for reliable"},
		Plant: func(b *Broadcast) { b.config.Spread = Once }},
	{Bug: cluster.Bug{Name: "own-dependency", File: bugsFile, Mode: "causal",
		Summary: "a message does not depend on its sender's earlier messages",
		Why:     "two messages of one node change places, though one happened before the other; so do vectors that count only received messages"},
		Plant: func(b *Broadcast) { b.order = selfless{b.order, b.process.Node()} }},
	{Bug: cluster.Bug{Name: "impatient", File: bugsFile, Mode: "total-lamport",
		Summary: "a node delivers a message when a majority has acknowledged it",
		Why:     "another node may have sent an earlier message; a majority decides only if it is asked before anything is proposed, as in Paxos"},
		Plant: impatient},
	{Bug: cluster.Bug{Name: "deaf-clock", File: bugsFile, Mode: "reliable", Workload: "happened-before", Ops: []string{ops.Stamps},
		Summary: "a node does not advance its clocks to the timestamps that it receives",
		Why: "an effect has an earlier time than its cause, and last write wins keeps the cause; so do counters that each node keeps for " +
			"itself"},
		Plant: func(b *Broadcast) {
			b.heard = func(logical.Reading) logical.Reading { return logical.Reading{} }
		}},
	{Bug: cluster.Bug{Name: "places-unsynced", File: bugsFile, Mode: "total-leader",
		Summary: "the leader keeps the numbers that it has given out only in memory",
		Why:     "after a restart it gives them to other messages; so does any sequence counter in memory"},
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

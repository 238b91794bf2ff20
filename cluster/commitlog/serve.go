package commitlog

import (
	"fmt"

	"faultline/cluster/sim/rpc"
)

// produce is a message that a client sends to a partition.
type produce struct {
	Partition string `json:"partition"`
	message
}

// appended is the answer: at which offset it is.
type appended struct {
	Offset int64 `json:"offset"`
}

// produce appends a message, unless it was appended before.
func (b *broker) produce(p produce) rpc.Response {
	return b.append(p.Partition, p.message, func(*replica) string { return "" })
}

// append appends a message to a partition that this broker leads, unless there is a reason to refuse it, and answers when as many replicas
// have it as the mode asks for.
func (b *broker) append(partition string, m message, refused func(*replica) string) rpc.Response {
	b.Lock()
	defer b.Unlock()
	b.Own()
	r := b.replica(partition)
	if r == nil || r.leading == nil {
		b.Disown()
		return b.notLeader(partition)
	}
	epoch, all := r.epoch, b.system.mode.acks == acksAll
	why := refused(r)
	if !b.enoughInSync(r) {
		why = "not-enough-replicas"
	}
	if why != "" {
		b.Disown()
		return rpc.Refuse(epoch, why, "")
	}
	n := b.sent(r, m)
	if n == 0 {
		n = r.log.Length() + 1
		b.store(change{Partition: r.name, Epoch: epoch, Keep: n - 1, Entries: []entry{{Epoch: epoch, Command: m}}})
	}
	b.Disown()
	if r.leads(epoch) {
		b.commit(r)
	}
	b.Await(func() bool { return !r.leads(epoch) || !all || r.high >= n && b.enoughInSync(r) })
	if !r.leads(epoch) || b.Process.Dead() {
		return rpc.Unsure(epoch, "deposed")
	}
	b.Process.Acknowledge(r.at(n))
	return rpc.Answer(epoch, fmt.Sprintf("offset %d of %s", n-1, r.name), appended{int64(n) - 1})
}

// enoughInSync reports whether as many replicas are in sync as a write needs.
func (b *broker) enoughInSync(r *replica) bool {
	return len(b.inSync(r).InSync) >= b.config.minInSync(b.system.mode)
}

// sentBefore is the entry that a message became when it was sent before; 0 if it was not. A producer sends one message after the other, so
// that it can be its last one only.
func (r *replica) sentBefore(m message) uint64 {
	if known := r.last[m.Producer]; m.Producer != 0 && m.Sequence <= known.sequence {
		return known.n
	}
	return 0
}

// notLeader refuses what only a leader does, and says who that is. A partition that there is not is made.
func (b *broker) notLeader(partition string) rpc.Response {
	if a := b.metadata.of(partition); a != nil {
		return rpc.Refuse(a.Epoch, "not-leader", a.Leader)
	}
	b.Outside(func() { b.ask(asksDecision, decision{Kind: creates, Partition: partition}) })
	return rpc.Refuse(0, "unknown-partition", "")
}

// reading is what a consumer asks for: records of a partition from an offset on.
type reading struct {
	Partition string `json:"partition"`
	From      int64  `json:"from"`
}

// records is the answer: those from an offset on, one after the other.
type records struct {
	First  int64    `json:"first"`
	Values []string `json:"values,omitempty"`
}

// poll reads from the leader.
func (b *broker) poll(q reading) rpc.Response {
	b.Lock()
	defer b.Unlock()
	r := b.replica(q.Partition)
	if r == nil || r.leading == nil {
		return b.notLeader(q.Partition)
	}
	return b.read(r, q)
}

// fetch reads from this replica, whoever leads (KIP-392).
func (b *broker) fetch(q reading) rpc.Response {
	b.Lock()
	defer b.Unlock()
	r := b.replica(q.Partition)
	if r == nil {
		return rpc.Answer(0, "", records{First: q.From})
	}
	return b.read(r, q)
}

// read reads what is committed, as far as the replica knows. If there is nothing it waits for a while.
func (b *broker) read(r *replica, q reading) rpc.Response {
	from, until := uint64(max(0, q.From)), b.Beats()+2
	b.Await(func() bool { return r.high > from || b.Beats() >= until })
	if from > r.high { // the high watermark of a new leader is behind that of the old one
		from = r.high
	}
	found := records{First: int64(from)}
	for _, e := range r.log[from:r.high] {
		found.Values = append(found.Values, e.Command.Value)
		if len(found.Values) == mostRecords {
			break
		}
	}
	return rpc.Answer(r.epoch, fmt.Sprintf("%d records of %s from %d", len(found.Values), r.name, from), found)
}

// mostRecords is how many records one answer has.
const mostRecords = 100

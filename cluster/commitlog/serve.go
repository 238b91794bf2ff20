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
	return b.appended(p.Partition, func(r *replica) step { return b.admit(r, p.message) })
}

// step is what a leader is to do: it appends a message, or waits for an entry that is there, or refuses.
type step struct {
	message
	there    uint64
	refused  string // why; for now
	rejected string // why; for ever
}

// admit is what is to be done with a message of a producer.
func (b *broker) admit(r *replica, m message) step {
	if b.fences(r.last[m.Producer].Epoch, m.Epoch) {
		return step{rejected: "fenced"}
	}
	return step{message: m, there: b.sent(r, m)}
}

// appended does a step, and answers at which offset its record is.
func (b *broker) appended(partition string, next func(*replica) step) rpc.Response {
	return b.append(partition, next, func(r *replica, n uint64) rpc.Response {
		return rpc.Answer(r.epoch, fmt.Sprintf("offset %d of %s", n-1, r.name), appended{int64(n) - 1})
	})
}

// append has a partition that this broker leads do a step. It answers, when as many replicas have the entry as the mode asks for, what is
// made of it. Nothing else is appended between the choice of the step and the step.
func (b *broker) append(partition string, next func(*replica) step, answer func(*replica, uint64) rpc.Response) rpc.Response {
	b.Lock()
	defer b.Unlock()
	b.Own()
	r := b.replica(partition)
	if r == nil || r.leading == nil {
		b.Disown()
		return b.notLeader(partition)
	}
	epoch, all := r.epoch, b.system.mode.acks == acksAll
	s := next(r)
	if !b.enoughInSync(r) {
		s.refused = "not-enough-replicas"
	}
	switch {
	case s.refused != "":
		b.Disown()
		return rpc.Refuse(epoch, s.refused, "")
	case s.rejected != "":
		b.Disown()
		return rpc.Reject(epoch, s.rejected)
	}
	n := s.there
	if n == 0 {
		n = r.log.Length() + 1
		b.store(change{Partition: r.name, Epoch: epoch, Keep: n - 1, Entries: []entry{{Epoch: epoch, Command: s.message}}})
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
	return answer(r, n)
}

// enoughInSync reports whether as many replicas are in sync as a write needs.
func (b *broker) enoughInSync(r *replica) bool {
	return len(b.inSync(r).InSync) >= b.config.minInSync(b.system.mode)
}

// sentBefore is the entry that a message became when it was sent before; 0 if it was not. A producer sends one message after the other, so
// that it can be its last one only.
func (r *replica) sentBefore(m message) uint64 {
	if known := r.last[m.Producer]; m.Producer != 0 && m.Epoch == known.Epoch && m.Sequence <= known.Sequence {
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

// records is the answer: their offsets, which grow, and what is there.
type records struct {
	Offsets []int64  `json:"offsets,omitempty"`
	Values  []string `json:"values,omitempty"`
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
		return rpc.Answer(0, "", records{})
	}
	return b.read(r, q)
}

// read reads what consumers may see, as far as the replica knows. If there is nothing it waits for a while.
func (b *broker) read(r *replica, q reading) rpc.Response {
	from, until := uint64(max(0, q.From)), b.Beats()+2
	var found records
	b.Await(func() bool {
		found = b.records(r, from, b.stable(r))
		return len(found.Offsets) > 0 || b.Beats() >= until
	})
	return rpc.Answer(r.epoch, fmt.Sprintf("%d records of %s from %d", len(found.Offsets), r.name, from), found)
}

// records are those between two offsets that consumers get.
func (b *broker) records(r *replica, from, to uint64) (found records) {
	for n := from + 1; n <= to && len(found.Offsets) < mostRecords; n++ {
		if !b.hides(r, n) {
			found.Offsets = append(found.Offsets, int64(n)-1)
			found.Values = append(found.Values, r.log[n-1].Command.Value)
		}
	}
	return found
}

// mostRecords is how many records one answer has.
const mostRecords = 100

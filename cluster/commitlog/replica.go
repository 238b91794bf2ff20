package commitlog

import (
	"fmt"

	"faultline/cluster/sim/epochlog"
)

// message is what a record carries: a value, or in place of one how far a group is, the end of a transaction, or where transactions are.
type message struct {
	Value string `json:"v"`
	sender
	Progress    *progress    `json:"g,omitempty"`
	Marker      marker       `json:"m,omitempty"`
	Transaction *transaction `json:"t,omitempty"`
}

// sender is who sent a message, and its number among those of that producer to the partition in that epoch, from 1 on. It is empty if the
// message is not to be known again. With an epoch the message is part of a transaction.
type sender struct {
	Producer uint64 `json:"p,omitempty"`
	Epoch    uint64 `json:"e,omitempty"`
	Sequence uint64 `json:"s,omitempty"`
}

// after reports whether a producer has sent something later.
func (s sender) after(other sender) bool {
	return s.Epoch > other.Epoch || s.Epoch == other.Epoch && s.Sequence > other.Sequence
}

// A log has messages. The entry n is the record at the offset n-1.
type (
	log      = epochlog.Log[message]
	entry    = epochlog.Entry[message]
	position = epochlog.Position
)

// replica is one of a partition.
type replica struct {
	name     string
	epoch    uint64              // the latest that it has obeyed, and the only one in which it follows or leads; it is on the disk
	log      log                 // it is on the disk
	high     uint64              // the high watermark: how many entries are committed, as far as the replica knows
	last     map[uint64]sent     // by producer, as the log tells
	progress map[[2]string]int64 // by group and partition: where it goes on, as the log tells
	states   map[string]state    // by transactional id, as the log tells
	whole    isolation           // as the log tells
	settled  isolation           // as its committed entries tell
	entered  uint64              // the epoch as this process has entered it; 0 at first
	leader   string              // of that epoch; empty if there is none
	leading  *leading
}

// sent is the last message of a producer that the log has, and which entry it is.
type sent struct {
	sender
	n uint64
}

// change is one of what is on the disk: the epoch of a replica, and its log, which is the first Keep entries that it had and then these.
// High is the high watermark as it was then.
type change struct {
	Partition string  `json:"partition"`
	Epoch     uint64  `json:"epoch"`
	Keep      uint64  `json:"keep"`
	Entries   []entry `json:"entries,omitempty"`
	High      uint64  `json:"high"`
}

// store makes a change, on the disk and then here, and unlocks the monitor meanwhile. The caller owns the disk.
func (b *broker) store(c change) {
	if r := b.replica(c.Partition); r != nil {
		c.High = r.high
	}
	b.Sync(func() error { return b.keep(c) })
	b.take(c)
	b.Changed()
}

// take makes a change here.
func (b *broker) take(c change) {
	r := b.replica(c.Partition)
	if r == nil {
		r = b.newReplica(c.Partition)
	}
	r.epoch = c.Epoch
	if c.Keep < r.log.Length() {
		for n := c.Keep + 1; n <= r.log.Length(); n++ {
			b.Process.Discard(r.at(n))
		}
		r.log = r.log[:c.Keep]
		r.remember()
	}
	for _, e := range c.Entries {
		r.log = append(r.log, e)
		r.note(e.Command)
	}
	r.advance(min(c.High, r.log.Length()))
}

// remember learns from the log all that it tells.
func (r *replica) remember() {
	kept, high := r.log, r.high
	r.log, r.high, r.last, r.progress, r.states = nil, 0, map[uint64]sent{}, map[[2]string]int64{}, map[string]state{}
	r.whole, r.settled = newIsolation(), newIsolation()
	for _, e := range kept {
		r.log = append(r.log, e)
		r.note(e.Command)
	}
	r.advance(min(high, r.log.Length()))
}

// note takes notice of the last entry of the log.
func (r *replica) note(m message) {
	n := r.log.Length()
	if m.Producer != 0 && m.after(r.last[m.Producer].sender) {
		r.last[m.Producer] = sent{m.sender, n}
	}
	if t := m.Transaction; t != nil {
		r.states[t.ID] = state{*t, n}
	}
	decided := r.whole.note(n, m)
	switch {
	case m.Marker == commits:
		for _, n := range decided {
			r.proceed(r.log[n-1].Command.Progress)
		}
	case m.Epoch == 0:
		r.proceed(m.Progress)
	}
}

// proceed has a group go on where a message says, if it says so. One that comes late does not put it back.
func (r *replica) proceed(p *progress) {
	if p != nil {
		of := [2]string{p.Group, p.Partition}
		r.progress[of] = max(r.progress[of], p.Next)
	}
}

// advance raises the high watermark.
func (r *replica) advance(high uint64) {
	for r.high < high {
		r.high++
		r.settled.note(r.high, r.log[r.high-1].Command)
	}
}

// at names the entry n, as no other is named.
func (r *replica) at(n uint64) string { return fmt.Sprintf("%s %v", r.name, r.log.At(n)) }

// raise raises the high watermark. Where elections are clean, what is below it is the same on all replicas for ever.
func (b *broker) raise(r *replica, high uint64) {
	for n := r.high + 1; n <= high; n++ {
		if !b.system.mode.unclean {
			b.Process.Agree("committed records agree", fmt.Sprintf("record %d of %s", n-1, r.name), fmt.Sprintf("of epoch %d", r.log.At(n).Epoch))
		}
	}
	r.advance(high)
	b.Changed()
}

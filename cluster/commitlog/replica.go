package commitlog

import (
	"fmt"

	"faultline/cluster/sim/epochlog"
)

// message is what a record carries: a value; and if it is to be known again, who sent it, and its number among the messages of that producer to
// the partition, from 1 on.
type message struct {
	Value    string    `json:"v"`
	Producer uint64    `json:"p,omitempty"`
	Sequence uint64    `json:"s,omitempty"`
	Progress *progress `json:"g,omitempty"` // in place of a value
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
	last     map[uint64]sent     // by producer, as the log tells
	progress map[[2]string]int64 // by group and partition: where it goes on, as the log tells
	high     uint64              // the high watermark: how many entries are committed, as far as the replica knows
	entered  uint64              // the epoch as this process has entered it; 0 at first
	leader   string              // of that epoch; empty if there is none
	leading  *leading
}

// sent is the last message of a producer that the log has.
type sent struct{ sequence, n uint64 }

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
		r.log, r.high = r.log[:c.Keep], min(r.high, c.Keep)
		r.remember()
	}
	for _, e := range c.Entries {
		r.log = append(r.log, e)
		r.note(e.Command)
	}
	r.high = min(max(r.high, c.High), r.log.Length())
}

// remember learns from the log what each producer has sent last, and how far each group is.
func (r *replica) remember() {
	kept := r.log
	r.log, r.last, r.progress = nil, map[uint64]sent{}, map[[2]string]int64{}
	for _, e := range kept {
		r.log = append(r.log, e)
		r.note(e.Command)
	}
}

// note takes notice of the last entry of the log.
func (r *replica) note(m message) {
	if m.Producer != 0 {
		r.last[m.Producer] = sent{m.Sequence, r.log.Length()}
	}
	if p := m.Progress; p != nil { // a message that comes late does not put a group back
		of := [2]string{p.Group, p.Partition}
		r.progress[of] = max(r.progress[of], p.Next)
	}
}

// at names the entry n, as no other is named.
func (r *replica) at(n uint64) string { return fmt.Sprintf("%s %v", r.name, r.log.At(n)) }

// raise raises the high watermark. Where elections are clean, what is below it is the same on all replicas for ever.
func (b *broker) raise(r *replica, high uint64) {
	for ; r.high < high; r.high++ {
		if !b.system.mode.unclean {
			b.Process.Agree("committed records agree", fmt.Sprintf("record %d of %s", r.high, r.name), fmt.Sprintf("of epoch %d", r.log.At(r.high+1).Epoch))
		}
	}
	b.Changed()
}

package paxos

import (
	"fmt"

	"faultline/cluster/sim/kv"
)

// value is what a slot is for: a command, and the ballot that first proposed it there. A ballot proposes one value for a slot, so that
// slot and ballot tell a value from all others.
type value struct {
	First   uint64     `json:"f"`
	Command kv.Command `json:"c"`
}

func (v value) String() string { return fmt.Sprintf("the value of ballot %d", v.First) }

// proposal is a value that was accepted, in the highest ballot in which it was.
type proposal struct {
	Ballot uint64 `json:"b"`
	value
}

// log is what an acceptor has accepted for the slots from 1 on. It accepts them in order, so that none is missing in between; a leader
// has no gaps to fill with commands that do nothing.
type log []proposal

func (l log) length() uint64 { return uint64(len(l)) }

// after are the proposals for the slots behind n.
func (l log) after(n uint64) log { return l[min(n, l.length()):] }

// batch is how many values a message has at most.
const batch = 64

// values are those for the slots behind n, as many as a message takes.
func (l log) values(n uint64) (values []value) {
	for _, p := range l.after(n)[:min(batch, uint64(len(l.after(n))))] {
		values = append(values, p.value)
	}
	return values
}

// through is up to which slot all values behind the first n were accepted in a ballot.
func (l log) through(n, ballot uint64) uint64 {
	for n < l.length() && l[n].Ballot == ballot {
		n++
	}
	return n
}

// in are the values of a log as proposals of another ballot.
func (l log) in(ballot uint64) log {
	var again log
	for _, p := range l {
		again = append(again, proposal{ballot, p.value})
	}
	return again
}

// adopt takes for each slot the proposal of the higher ballot.
func (l log) adopt(others log) log {
	for i, p := range others {
		switch {
		case i == len(l):
			l = append(l, p)
		case p.Ballot > l[i].Ballot:
			l[i] = p
		}
	}
	return l
}

// name is what the value of a slot is called.
func (l log) name(slot uint64) string { return fmt.Sprintf("slot %d, %v", slot, l[slot-1].value) }

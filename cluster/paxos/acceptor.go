package paxos

import (
	"fmt"

	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

// prepare asks for a promise, and what was accepted for the slots behind those of which the proposer knows what is chosen.
type prepare struct {
	After uint64 `json:"after"`
}

// promise is the answer.
type promise struct {
	Accepted log `json:"accepted,omitempty"`
}

// promise says, once it is synced, that this acceptor takes part in no lower ballot any more, and what it has accepted in lower ones.
func (r *replica) promise(from string, ballot uint64, q prepare) rpc.Response {
	r.Lock()
	defer r.Unlock()
	r.Own()
	defer r.Disown()
	switch {
	case ballot < r.promised:
		return r.refuse("promised")
	case r.leasedTo(from):
		return r.refuse("leased")
	case ballot > r.promised:
		r.store(record{Promised: ballot})
		r.preempt(ballot)
	}
	accepted := r.log.after(q.After)
	return rpc.Answer(ballot, fmt.Sprintf("accepted %d", len(accepted)), promise{accepted})
}

// accept asks to accept values for the slots behind After. Without values it is a sign of life.
type accept struct {
	After  uint64  `json:"after"`
	Values []value `json:"values,omitempty"`
	Chosen uint64  `json:"chosen"` // for how many slots a value is
}

func (a accept) String() string {
	return fmt.Sprintf("after %d, %d values, chosen %d", a.After, len(a.Values), a.Chosen)
}

// accepted is the answer: up to which slot the acceptor has accepted in this ballot, or knows what is chosen.
type accepted struct {
	Through uint64 `json:"through"`
}

// accept accepts what a leader proposes, unless it has promised a higher ballot, and answers once it is synced.
func (r *replica) accept(from string, ballot uint64, m accept) rpc.Response {
	r.Lock()
	defer r.Unlock()
	r.Own()
	defer r.Disown()
	if ballot < r.promised {
		return r.refuse("promised")
	}
	r.follow(from, ballot)
	has := r.log.through(r.chosen, ballot)
	change := record{Promised: ballot, After: has}
	if end := m.After + uint64(len(m.Values)); m.After <= has && end > has {
		for _, v := range m.Values[has-m.After:] {
			change.Accepted = append(change.Accepted, proposal{ballot, v})
		}
	}
	if ballot > r.promised || len(change.Accepted) > 0 {
		r.store(change)
	}
	has = r.log.through(r.chosen, ballot)
	r.learn(min(m.Chosen, has))
	return rpc.Answer(ballot, fmt.Sprintf("through %d", has), accepted{has})
}

// follow heeds a leader whose ballot is as high as any that is promised.
func (r *replica) follow(leader string, ballot uint64) {
	r.Hear(leader)
	r.lease = r.Now().Add(r.config.Lease)
	r.seen = max(r.seen, ballot)
	if r.role != follower {
		r.become(follower, ballot)
	}
}

// leasedTo reports whether the acceptor has given a lease to somebody else: a promise, for a time by its own clock, to take part in no
// ballot but his.
func (r *replica) leasedTo(other string) bool {
	holder := r.Owner(r.promised)
	return r.mode.leases && holder != other && r.role != sim.Leader && r.Now().Before(r.lease)
}

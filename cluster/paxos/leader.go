package paxos

import (
	"fmt"
	"time"

	"faultline/cluster/sim"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/stream"
)

// leading is what a leader knows, and others have none of.
type leading struct {
	ballot    uint64
	inherited uint64               // up to which slot lower ballots may have chosen something
	through   map[string]uint64    // up to which slot each acceptor has accepted
	results   map[uint64]kv.Result // of commands whose clients wait, by their slots
	asked     uint64               // how many reads have asked whether this still is the leader
	answered  map[string]uint64    // how many of them had when what an acceptor has answered was sent
	granted   map[string]time.Time // when that was, by this machine's clock: leases run from then on
}

// lead begins phase 2 of a ballot, by proposing again what lower ones may have chosen.
func (r *replica) lead(ballot uint64, adopted log) {
	r.Own()
	defer r.Disown()
	if r.seen != ballot {
		return
	}
	r.store(record{Promised: ballot, After: r.chosen, Accepted: adopted.in(ballot)})
	if r.seen != ballot {
		return
	}
	r.become(sim.Leader, ballot)
	r.leading = leading{ballot: ballot, inherited: r.log.length(), through: map[string]uint64{}, results: map[uint64]kv.Result{},
		answered: map[string]uint64{}, granted: map[string]time.Time{}}
	r.Agree("one leader", fmt.Sprintf("ballot %d", ballot), fmt.Sprintf("that of process %d", r.Number()))
	for _, acceptor := range r.others {
		r.Go(func() { r.propose(acceptor, ballot) })
	}
	r.choose()
}

func (r *replica) leads(ballot uint64) bool {
	return r.role == sim.Leader && r.ballot == ballot && !r.Dead()
}

// propose asks an acceptor to accept what it has not, slot after slot, and nothing now and then. What is chosen already is proposed
// like all else: a higher ballot can have no other value.
func (r *replica) propose(acceptor string, ballot uint64) {
	r.Lock()
	has, asked, sent := r.log.length(), uint64(0), time.Time{}
	r.Unlock()
	stream.Stream{
		Lasts: func() bool { return r.leads(ballot) },
		Say: func() rpc.Request {
			asked, sent = r.asked, r.Now()
			m := accept{has, r.log.values(has), r.chosen}
			return rpc.NewRequest("accept", ballot, m.String(), m)
		},
		Call: func(q rpc.Request) (rpc.Response, error) { return r.call(acceptor, q, r.config.SuspectAfter) },
		Answered: func(response rpc.Response, done bool) {
			var a accepted
			if r.preempt(response.Term); done && r.leads(ballot) && response.Decode(&a) == nil {
				has = a.Through
				r.through[acceptor], r.answered[acceptor], r.granted[acceptor] = has, asked, sent
				r.choose()
			}
		},
		News: func() bool { return r.log.length() > has || r.asked > asked },
	}.Run(r.Monitor)
}

// choose learns what a majority has accepted in this ballot: this replica, and as many others as make one.
func (r *replica) choose() {
	n := r.chosen
	for n < r.log.length() && r.count(func(a string) bool { return r.through[a] > n }) >= r.quorums.accept-1 {
		n++
	}
	r.learn(n)
}

// change does what a client asks for that takes a slot.
func (r *replica) change(c kv.Command) rpc.Response {
	r.Lock()
	defer r.Unlock()
	r.Own()
	ballot, slot := r.ballot, r.log.length()+1
	if !r.leads(ballot) {
		r.Disown()
		return r.refuse("not-leader")
	}
	r.store(record{Promised: ballot, After: slot - 1, Accepted: log{{ballot, value{ballot, c}}}})
	r.Disown()
	if r.leads(ballot) {
		r.choose()
	}
	r.Await(func() bool { return !r.leads(ballot) || r.chosen >= slot })
	if !r.leads(ballot) {
		return rpc.Unsure(r.seen, "preempted")
	}
	defer delete(r.results, slot)
	r.Acknowledge(r.log.name(slot))
	return rpc.Answer(ballot, fmt.Sprintf("slot %d", slot), r.results[slot])
}

// read reads in the way of the mode.
func (r *replica) read(c kv.Command) rpc.Response {
	if r.mode.may == nil {
		return r.change(c)
	}
	r.Lock()
	defer r.Unlock()
	if why := r.mode.may(r); why != "" {
		return r.refuse(why)
	}
	return rpc.Answer(r.promised, fmt.Sprintf("at %d", r.chosen), r.state.Apply(c, r.chosen))
}

// confirmed says why a read cannot be served by the leader, if it cannot. The leader knows what is chosen of all that lower ballots may have
// chosen, and a majority, asked after the read began, has promised no higher ballot: nothing was chosen in one.
func (r *replica) confirmed() string {
	ballot := r.ballot
	switch {
	case !r.leads(ballot):
		return "not-leader"
	case r.chosen < r.inherited:
		return "not-ready"
	}
	r.asked++
	mine := r.asked
	r.Changed()
	r.Await(func() bool {
		return !r.leads(ballot) || r.count(func(a string) bool { return r.answered[a] >= mine }) >= r.quorums.accept-1
	})
	if !r.leads(ballot) {
		return "not-leader"
	}
	return ""
}

// leased serves a read without a question while a majority has promised to take part in no ballot but this one, by the clock of this
// machine. Acceptors count that by their own, from later on: it holds if clocks run at the same speed, whatever they show.
func (r *replica) leased() string {
	now := r.Now()
	holds := func(a string) bool { return now.Before(r.granted[a].Add(r.config.Lease)) }
	if r.leads(r.ballot) && r.chosen >= r.inherited && r.count(holds) >= r.quorums.accept-1 {
		return ""
	}
	return r.confirmed()
}

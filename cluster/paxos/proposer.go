package paxos

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster/sim/rpc"
)

// watch lets time pass for whoever waits, and has the replica try to lead if it suspects the leader.
func (r *replica) watch() {
	for alive := true; alive; {
		alive = r.Sleep(r.config.Heartbeat)
		r.Lock()
		if r.role == follower && r.Suspects(r.Owner(r.promised)) {
			r.become(candidate, r.promised)
		}
		r.Beat()
		r.Unlock()
	}
}

// preempt takes note of a higher ballot. A proposer that led, or was about to, tries again by a still higher one, unless he hears of a leader
// before his turn comes. Others give the ballot's owner time.
func (r *replica) preempt(ballot uint64) {
	if ballot <= r.seen {
		return
	}
	r.seen = ballot
	if r.role == follower {
		r.Hear(r.Owner(ballot))
		r.entered()
		return
	}
	r.tries++
	r.become(candidate, r.promised)
}

// strive makes the replica lead whenever it is a candidate and has given no lease to somebody else.
func (r *replica) strive() {
	r.Lock()
	defer r.Unlock()
	may := func() bool { return r.role == candidate && !r.leasedTo(r.Node()) }
	for !r.Dead() {
		r.Await(may)
		if r.backOff(); may() {
			r.campaign()
		}
	}
}

// Before it tries to lead a proposer waits for a random time of up to firstWait, which doubles each time that it is preempted, up to
// mostDoublings times. If waits are fixed it is a turn for each node that comes before it.
const firstWait, mostDoublings, turn = 100 * time.Millisecond, 6, 10 * time.Millisecond

// backOff lets others go first. With random times one proposer is alone, sooner or later, for as long as it takes to have a value chosen,
// however slow messages are: the more often the replica was preempted since a value was last chosen, the longer they are. With
// fixed times proposers can preempt each other forever.
func (r *replica) backOff() {
	wait := turn * time.Duration(slices.Index(r.Nodes(), r.Node()))
	if r.config.Backoff == Random {
		wait = time.Duration(r.draw.Int64N(int64(firstWait << min(r.tries, mostDoublings))))
	}
	if r.tries > 0 {
		wait += r.config.Heartbeat + turn // so that whoever has preempted it can give a sign of life
	}
	r.Outside(func() { r.Sleep(wait) })
}

// campaign is phase 1: it leads a ballot of its own once a majority has promised to take part in no lower one, of which it is one
// itself.
func (r *replica) campaign() {
	ballot := r.begin()
	stands := func() bool { return r.role == candidate && r.seen == ballot && !r.Dead() }
	promises, adopted := 1, slices.Clone(r.log.after(r.chosen))
	q := rpc.NewRequest("prepare", ballot, fmt.Sprintf("after %d", r.chosen), prepare{r.chosen})
	for _, acceptor := range r.others {
		r.Go(func() {
			r.Lock()
			defer r.Unlock()
			if p, ok := r.ask(acceptor, q, stands); ok {
				promises, adopted = promises+1, adopted.adopt(p.Accepted)
				r.Changed()
			}
		})
	}
	r.Await(func() bool { return promises >= r.quorums.prepare || !stands() })
	if stands() {
		r.lead(ballot, adopted)
	}
}

// begin promises itself a ballot, the lowest of its own that is higher than all that it knows. That is synced before anybody is asked: else
// it might use the ballot again after a crash, and propose another value.
func (r *replica) begin() uint64 {
	r.Own()
	defer r.Disown()
	ballot := r.next(max(r.seen, r.promised))
	r.seen = ballot
	r.store(record{Promised: ballot})
	r.entered()
	return ballot
}

// nextBallot is the lowest ballot above one that is this replica's: ballots are dealt out, so that no two proposers use the same.
func (r *replica) nextBallot(ballot uint64) uint64 {
	for ballot++; r.Owner(ballot) != r.Node(); ballot++ {
	}
	return ballot
}

// ask asks an acceptor for a promise until it answers, or the replica does not stand any more.
func (r *replica) ask(acceptor string, q rpc.Request, stands func() bool) (p promise, ok bool) {
	for stands() {
		var response rpc.Response
		var err error
		r.Outside(func() { response, err = r.call(acceptor, q, r.config.SuspectAfter) })
		r.preempt(response.Term)
		if err == nil && response.Status == rpc.Done && response.Decode(&p) == nil {
			return p, stands()
		}
		beat := r.Beats()
		r.Await(func() bool { return r.Beats() > beat || !stands() })
	}
	return p, false
}

package primary

import (
	"time"

	"faultline/cluster/sim"
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/rpc"
)

// alive reports whether a node is not suspected. A suspected node may go on as the primary all the same.
func (r *replica) alive(node string) bool { return !r.Suspects(node) }

// watch lets time pass for whoever waits, and has the next primary take over.
func (r *replica) watch() {
	for alive := true; alive; {
		alive = r.Sleep(r.config.Heartbeat)
		r.Lock()
		switch {
		case r.role == follower && r.due():
			r.become(candidate)
			r.Go(r.takeOver)
		case r.role == sim.Leader && r.mode.fenced && r.count(r.alive) < r.majority():
			r.become(follower) // it could acknowledge nothing
		case r.role == sim.Leader:
			r.commit() // what waited for somebody who is suspected now
		}
		r.Beat()
		r.Unlock()
	}
}

// due reports whether it is this replica's turn. The primaries of epochs rotate (Oki and Liskov 1988, Viewstamped Replication): the
// next takes over when it suspects the primary, the one after that when it has waited twice as long, and so on.
func (r *replica) due() bool {
	turns := time.Duration(r.next() - r.epoch)
	return r.Silence(r.Owner(r.epoch)) > turns*r.config.SuspectAfter
}

// next is the next epoch of which this replica is the primary.
func (r *replica) next() uint64 {
	epoch := r.epoch + 1
	for r.Owner(epoch) != r.Node() {
		epoch++
	}
	return epoch
}

// takeOver makes this replica the primary of its next epoch. Without fencing it asks nobody.
func (r *replica) takeOver() {
	r.Lock()
	defer r.Unlock()
	before, epoch, end := r.epoch, r.next(), r.log.End()
	stands := func() bool { return r.role == candidate && r.epoch == before && r.log.End() == end && !r.Dead() }
	fenced := !r.mode.fenced || r.fence(epoch, end, stands)
	r.Own()
	defer r.Disown()
	switch {
	case stands() && fenced:
		r.begin(epoch)
	case r.role == candidate:
		r.become(follower)
	}
}

// fence has a majority promise to obey no earlier epoch. From then on no earlier primary can acknowledge or confirm anything. Whatever
// one has acknowledged is on a majority, so that one of those who promise has it, and then so has this replica, to which nobody
// promises who has more.
func (r *replica) fence(epoch uint64, end epochlog.Position, stands func() bool) bool {
	answers, promises := 0, 0
	q := rpc.NewRequest("promise", epoch, "ends at "+end.String(), end)
	for _, node := range r.others {
		r.Go(func() {
			response, err := r.call(node, q, r.config.SuspectAfter)
			r.Lock()
			defer r.Unlock()
			answers++
			if err == nil && response.Status == rpc.Done {
				promises++
			} else {
				r.obey(response.Term)
			}
			r.Changed()
		})
	}
	r.Await(func() bool { return promises >= r.majority() || answers == len(r.others) || !stands() })
	return promises >= r.majority()
}

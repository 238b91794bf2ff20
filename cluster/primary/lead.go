package primary

import (
	"fmt"

	"faultline/cluster/sim"
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/stream"
)

// leading is what a primary knows, and others have none of.
type leading struct {
	first    uint64               // its first entry
	stored   map[string]uint64    // how much of the log each backup has
	results  map[uint64]kv.Result // of commands whose clients wait, by their entries
	asked    uint64               // how many reads have asked whether this still is the primary
	answered map[string]uint64    // how many of them had when what a backup has answered was sent
}

// begin makes a replica the primary of an epoch, once that is synced. Nothing of earlier epochs is committed but with an entry
// of its own: it may be on a majority, and a later primary discard it all the same (Ongaro and Ousterhout 2014, figure 8). The
// caller owns the disk.
func (r *replica) begin(epoch uint64) {
	before := r.log.Length()
	r.store(record{epoch, r.log.Append(epochlog.Entry[kv.Command]{Epoch: epoch})})
	r.become(sim.Leader)
	r.leading = leading{first: before + 1, stored: map[string]uint64{}, results: map[uint64]kv.Result{}, answered: map[string]uint64{}}
	r.Agree("one primary", fmt.Sprintf("epoch %d", epoch), fmt.Sprintf("that of process %d", r.Number()))
	for _, backup := range r.others {
		r.Go(func() { r.lead(backup, epoch, before) })
	}
	r.commit()
}

func (r *replica) leads(epoch uint64) bool { return r.role == sim.Leader && r.epoch == epoch }

// lead tells a backup what it lacks, and nothing now and then.
func (r *replica) lead(backup string, epoch, has uint64) {
	var asked uint64
	stream.Stream{
		Lasts: func() bool { return r.leads(epoch) && !r.Dead() },
		Say: func() rpc.Request {
			asked = r.asked
			m := message{r.log.Copy(has), r.committed}
			return rpc.NewRequest("replicate", epoch, m.String(), m)
		},
		Call: func(q rpc.Request) (rpc.Response, error) { return r.call(backup, q, r.config.SuspectAfter/2) },
		Answered: func(response rpc.Response, done bool) {
			var a accepted
			switch {
			case !done || response.Decode(&a) != nil:
				r.obey(response.Term)
			case r.leads(epoch):
				has = r.told(backup, asked, a)
			}
		},
		News: func() bool { return r.log.Length() > has || r.asked > asked },
	}.Run(r.Monitor)
}

// told is what a primary makes of an answer. It returns how much of the log the backup has.
func (r *replica) told(backup string, asked uint64, a accepted) uint64 {
	r.Hear(backup)
	r.answered[backup] = max(r.answered[backup], asked)
	if a.Stored {
		r.stored[backup] = max(r.stored[backup], a.Length)
		r.commit()
	}
	return a.Length
}

// commit applies what the mode calls replicated.
func (r *replica) commit() {
	n := r.committed
	for next := max(n+1, r.first); next <= r.log.Length() && r.mode.replicated(r, next); next++ {
		n = next
	}
	r.apply(n)
}

// count counts the backups of which something holds.
func (r *replica) count(holds func(backup string) bool) (n int) {
	for _, backup := range r.others {
		if holds(backup) {
			n++
		}
	}
	return n
}

// have counts the backups that have the first n entries, and missing those that have not and are not suspected.
func (r *replica) have(n uint64) int {
	return r.count(func(b string) bool { return r.stored[b] >= n })
}

func (r *replica) missing(n uint64) int {
	return r.count(func(b string) bool { return r.stored[b] < n && r.alive(b) })
}

// majority is how many backups are one, with the primary.
func (r *replica) majority() int { return (len(r.others) + 1) / 2 }

// change does what a client asks for that changes something.
func (r *replica) change(c kv.Command) rpc.Response {
	r.Lock()
	defer r.Unlock()
	r.Own()
	epoch, n := r.epoch, r.log.Length()+1
	if r.role != sim.Leader {
		r.Disown()
		return r.refuse("not-primary")
	}
	r.store(record{epoch, r.log.Append(epochlog.Entry[kv.Command]{Epoch: epoch, Command: c})})
	r.Disown()
	if r.leads(epoch) {
		r.commit()
	}
	r.Await(func() bool { return r.committed >= n || !r.leads(epoch) })
	if !r.leads(epoch) || r.committed < n {
		return rpc.Unsure(epoch, "deposed")
	}
	defer delete(r.results, n)
	r.Acknowledge(r.log.At(n).String())
	return rpc.Answer(epoch, fmt.Sprintf("entry %d", n), r.results[n])
}

// read reads what is committed. With fencing it asks, after it began, whether a majority still obeys: the next primary needs a promise
// of one of them, and acknowledges nothing before it.
func (r *replica) read(c kv.Command) rpc.Response {
	r.Lock()
	defer r.Unlock()
	epoch := r.epoch
	switch {
	case r.role != sim.Leader:
		return r.refuse("not-primary")
	case r.committed < r.first:
		return r.refuse("not-ready")
	}
	if r.mode.fenced {
		r.asked++
		mine := r.asked
		r.Changed()
		confirmed := func() bool { return r.count(func(b string) bool { return r.answered[b] >= mine }) >= r.majority() }
		r.Await(func() bool { return !r.leads(epoch) || confirmed() })
		if !r.leads(epoch) || !confirmed() {
			return r.refuse("not-primary")
		}
	}
	found := r.state.Apply(c, r.committed)
	return rpc.Answer(epoch, fmt.Sprintf("at %d", r.committed), found)
}

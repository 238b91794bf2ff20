package commitlog

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster/sim/rpc"
)

// leading is what the leader of a partition knows in its epoch.
type leading struct {
	first     uint64 // how many entries it began with: all that its predecessors may have committed
	followers map[string]*follower
	proposed  *decision // the in-sync replicas that it asked for, until the controller has answered
	asking    bool      // the controller is being asked
	groups    map[string]*group
	// transactions are what a coordinator is about with those of each id.
	transactions map[string]*attention
}

// follower is what a leader knows of one, by what it has fetched.
type follower struct {
	stored  uint64    // how many of the leader's entries it has
	end     uint64    // how many entries there were when it fetched last
	fetched time.Time // when that was
	caught  time.Time // when it had all that there was
}

// lead begins to lead. The caller has locked the monitor.
func (b *broker) lead(r *replica) {
	r.leading = &leading{first: r.log.Length(), followers: map[string]*follower{}, groups: map[string]*group{},
		transactions: map[string]*attention{}}
	for _, node := range b.Process.Others() {
		r.leading.followers[node] = &follower{caught: time.Now()}
	}
	b.Process.Agree("one leader", fmt.Sprintf("epoch %d of %s", r.epoch, r.name), fmt.Sprintf("that of process %d", b.Process.Number()))
	b.commit(r)
}

// leads reports whether the replica is the leader of an epoch.
func (r *replica) leads(epoch uint64) bool { return r.leading != nil && r.epoch == epoch }

// inSync are the in-sync replicas of a partition, as the controller has decided.
func (b *broker) inSync(r *replica) assignment {
	if a := b.metadata.of(r.name); a != nil {
		return *a
	}
	return assignment{}
}

// commit raises the high watermark as far as it goes.
func (b *broker) commit(r *replica) {
	if n := b.committed(b, r); n > r.high {
		b.raise(r, n)
	}
}

// onAllInSync is how many entries all in-sync replicas have, those included of whom the controller may have decided by now that they are:
// it may elect any of them.
func (b *broker) onAllInSync(r *replica) uint64 {
	n, all := r.log.Length(), b.inSync(r).InSync
	if r.leading.proposed != nil {
		all = slices.Concat(all, r.leading.proposed.InSync)
	}
	for _, node := range all {
		if f := r.leading.followers[node]; f != nil {
			n = min(n, f.stored)
		}
	}
	return n
}

// fetch is what a follower asks for: what comes behind the end of its log. It says what it takes for committed.
type fetch struct {
	Partition string   `json:"partition"`
	After     position `json:"after"`
	High      uint64   `json:"high"`
}

// fetched is the answer: entries, or if the leader's log does not have that end, where they may have parted.
type fetched struct {
	Entries []entry   `json:"entries,omitempty"`
	High    uint64    `json:"high"`
	Parted  *position `json:"parted,omitempty"`
}

// feed answers a follower. If there is nothing new it waits for a while.
func (b *broker) feed(from string, epoch uint64, f fetch) rpc.Response {
	b.Lock()
	defer b.Unlock()
	r := b.replica(f.Partition)
	if r == nil || !r.leads(epoch) {
		return rpc.Refuse(0, "other-epoch", "")
	}
	if !b.agrees(r, f.After) {
		parted := r.log.Through(f.After.Epoch)
		return rpc.Answer(epoch, "parted at "+parted.String(), fetched{Parted: &parted})
	}
	r.leading.followers[from].has(f.After.Length, r.log.Length())
	b.commit(r)
	until := b.Beats() + 2
	b.Await(func() bool {
		return !r.leads(epoch) || r.log.Length() > f.After.Length || r.high > f.High || b.Beats() >= until
	})
	if !r.leads(epoch) {
		return rpc.Refuse(0, "other-epoch", "")
	}
	entries := r.log.After(f.After.Length)
	return rpc.Answer(epoch, fmt.Sprintf("%d entries, high watermark %d", len(entries), r.high), fetched{Entries: entries, High: r.high})
}

// has notes that a follower has fetched behind the first n entries, of so many. It is caught up if it has all that there was when it
// fetched before, too: in a stream that never rests it has never all.
func (f *follower) has(n, all uint64) {
	switch now := time.Now(); {
	case n >= all:
		f.caught = now
	case n >= f.end && !f.fetched.IsZero():
		f.caught = f.fetched
	}
	f.stored, f.end, f.fetched = n, all, time.Now()
}

// maintain does what falls to a leader when time has passed: it asks the controller to drop from the in-sync replicas who has fallen
// behind, and to add who has caught up.
func (b *broker) maintain(r *replica) {
	if !r.leads(r.epoch) {
		return
	}
	l, now := r.leading, b.inSync(r)
	if l.proposed != nil && now.Version > l.proposed.Version {
		l.proposed = nil // it was decided, or can be no more
	}
	if l.proposed == nil && now.Epoch == r.epoch {
		if wanted := b.wanted(r, now.InSync); !slices.Equal(wanted, now.InSync) {
			l.proposed = &decision{Kind: alters, Node: b.name(), Partition: r.name, Epoch: r.epoch, Version: now.Version, InSync: wanted}
		}
	}
	if l.proposed != nil && !l.asking {
		l.asking = true
		d := *l.proposed
		b.Process.Go(func() {
			b.ask(asksDecision, d)
			b.Lock()
			defer b.Unlock()
			l.asking = false
		})
	}
	b.commit(r)
	b.coordinate(r)
}

// wanted is who is to be in sync: whoever is and has not fallen behind; and who is not and has all that is committed or was by a
// predecessor, as its log is as long as the leader's was when the epoch began.
func (b *broker) wanted(r *replica, now []string) (wanted []string) {
	for _, node := range b.system.Nodes() {
		f := r.leading.followers[node]
		switch {
		case f == nil:
			wanted = append(wanted, node)
		case time.Since(f.caught) > b.config.ReplicaLag:
		case slices.Contains(now, node), f.joins(r) && b.metadata.alive(node):
			wanted = append(wanted, node)
		}
	}
	if len(wanted) == len(now) && !slices.ContainsFunc(wanted, func(n string) bool { return !slices.Contains(now, n) }) {
		return now
	}
	return wanted
}

// joins reports whether a follower has all that it must have to be in sync.
func (f *follower) joins(r *replica) bool {
	return !f.fetched.IsZero() && f.stored >= max(r.high, r.leading.first)
}

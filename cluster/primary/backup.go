package primary

import (
	"fmt"

	"faultline/cluster/sim"
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// message is what a primary tells a backup. Without entries it is a heartbeat.
type message struct {
	epochlog.Copy[kv.Command]
	Committed uint64 `json:"committed"`
}

func (m message) String() string {
	return fmt.Sprintf("prev %v, %d entries, commit %d", m.After, len(m.Entries), m.Committed)
}

// accepted is the answer: up to where the backup's log is the primary's; or, if the backup lacks what comes before the entries,
// from where on it may need more.
type accepted struct {
	Stored bool   `json:"stored"`
	Length uint64 `json:"length"`
}

// accept takes what a primary says, and answers once it is synced. What the primary does not have the backup discards, even if
// it had committed it: such are the writes of a deposed primary that was not fenced.
func (r *replica) accept(from string, epoch uint64, m message) rpc.Response {
	r.Lock()
	defer r.Unlock()
	if epoch >= r.epoch {
		r.Hear(from)
	}
	r.obey(epoch)
	r.Own()
	defer r.Disown()
	if epoch < r.epoch {
		return r.refuse("newer-epoch")
	}
	if r.role == candidate { // it suspected somebody who lives
		r.become(follower)
	}
	change, end, ok := r.log.Take(m.Copy)
	if !ok {
		return rpc.Answer(epoch, fmt.Sprintf("has %d", end), accepted{Length: end})
	}
	if len(change.Entries) > 0 {
		r.store(record{epoch, change})
		if change.Keep < r.committed {
			r.state, r.committed = kv.NewState(), 0
		}
	}
	r.apply(min(m.Committed, end))
	return rpc.Answer(epoch, fmt.Sprintf("stored %d", end), accepted{true, end})
}

// promise says, once it is synced, that this replica obeys nobody of an earlier epoch any more. It promises nothing to a node whose
// log lacks something, which may have been acknowledged; and nothing while it has a primary that it does not suspect, as whoever
// hears nobody must not depose somebody whom all others hear.
func (r *replica) promise(epoch uint64, end epochlog.Position) rpc.Response {
	r.Lock()
	defer r.Unlock()
	if epoch > r.epoch && r.hasPrimary() {
		return r.refuse("has-primary")
	}
	r.obey(epoch)
	switch {
	case epoch < r.epoch:
		return r.refuse("newer-epoch")
	case r.log.End().Beyond(end):
		return r.refuse("has-more")
	}
	return rpc.Answer(epoch, "promised", nil)
}

// hasPrimary reports whether there is a primary that the replica does not suspect.
func (r *replica) hasPrimary() bool {
	owner := r.Owner(r.epoch)
	switch r.role {
	case sim.Leader:
		return r.count(r.alive) >= r.majority()
	case follower:
		return r.epoch > 0 && owner != r.Node() && r.alive(owner)
	default:
		return false
	}
}

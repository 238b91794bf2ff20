package commitlog

import (
	"fmt"
	"time"

	"faultline/cluster/sim/rpc"
)

// retryAfter is how long a follower rests that had no answer.
const retryAfter = 20 * time.Millisecond

// follow fetches from the leader of a partition, whoever it is, as long as the process lives.
func (b *broker) follow(r *replica) {
	b.Lock()
	defer b.Unlock()
	for b.Await(r.follows); !b.Process.Dead(); b.Await(r.follows) {
		epoch, leader := r.epoch, r.leader
		f := fetch{r.name, r.log.End(), r.high}
		q := rpc.NewRequest(asksReplicate, epoch, fmt.Sprintf("%s from %v", r.name, f.After), f)
		var answer fetched
		answered := false
		b.Outside(func() {
			response, err := b.call(leader, q, 4*b.config.Heartbeat)
			answered = err == nil && response.Status == rpc.Done && response.Decode(&answer) == nil
			if !answered {
				b.Process.Sleep(retryAfter)
			}
		})
		if answered {
			b.accept(r, epoch, f.After, answer)
		}
	}
}

// follows reports whether there is somebody to fetch from.
func (r *replica) follows() bool { return r.leading == nil && r.leader != "" && r.entered == r.epoch }

// accept takes what the leader of an epoch has answered to a fetch behind a position, unless the replica has turned to another one
// meanwhile.
func (b *broker) accept(r *replica, epoch uint64, after position, f fetched) {
	b.Own()
	defer b.Disown()
	if r.epoch != epoch || r.entered != epoch || r.log.End() != after {
		return
	}
	switch {
	case f.Parted != nil:
		b.store(change{Partition: r.name, Epoch: epoch, Keep: min(f.Parted.Length, r.log.Through(f.Parted.Epoch).Length)})
		return
	case len(f.Entries) > 0:
		b.store(change{Partition: r.name, Epoch: epoch, Keep: after.Length, Entries: f.Entries})
	}
	if high := min(f.High, r.log.Length()); high > r.high {
		b.raise(r, high)
	}
}

package etcd

import (
	"context"
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// lookAgainAfter is how long to wait before a member that is behind is asked again.
const lookAgainAfter = 100 * time.Millisecond

// digest asks the client's own member for the hash of its state at a revision, or at the newest that it has.
func (c *client) digest(ctx context.Context, o cluster.Op) cluster.Outcome {
	wanted, _ := o.Value.Int()
	newest, err := c.reach(ctx, wanted)
	if err != nil {
		return unread(err)
	}
	revision := newest
	if 0 < wanted && wanted < newest {
		revision = wanted
	}
	// Asked for the newest, a member of 3.5 does not say of which revision the hash is.
	found, err := c.etcd.HashKV(ctx, c.own, revision)
	if err != nil {
		return unread(err)
	}
	state := ops.State{Revision: revision, Hash: int64(found.Hash), Compacted: max(0, found.CompactRevision)}
	return cluster.Outcome{Type: history.OK, Value: state.Encode(), Node: c.node}
}

// reach waits until the member has reached a revision, at most half of the time that there is, and returns the newest that
// it has.
func (c *client) reach(ctx context.Context, wanted int64) (newest int64, err error) {
	deadline, _ := ctx.Deadline()
	half := time.Now().Add(time.Until(deadline) / 2)
	for {
		has, err := c.etcd.Status(ctx, c.own)
		if err != nil {
			return 0, err
		}
		newest = has.Header.Revision
		if newest >= wanted || time.Now().After(half) {
			return newest, nil
		}
		pause(ctx, lookAgainAfter)
	}
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

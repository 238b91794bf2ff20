package etcd

import (
	"context"

	"faultline/cluster"
	"faultline/history"
)

// compact forgets all but the newest revisions. Which revision is the newest is asked first.
func (c *client) compact(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	keep, ok := o.Value.Int()
	if !ok {
		return failed("how many revisions to keep is " + o.Value.String())
	}
	// Any key will do, as what matters is the revision in the header.
	now, err := c.etcd.Get(ctx, "newest", c.reading()...)
	if err != nil {
		return unread(err)
	}
	a.forget()
	revision := now.Header.Revision - keep
	if revision < 1 {
		return failed("there are no revisions to forget yet")
	}
	if _, err := c.etcd.Compact(ctx, revision); err != nil {
		return unchanged(err, a)
	}
	return cluster.Outcome{Type: history.OK, Value: history.IntValue(revision)}
}

// defragment has the client's own member rewrite its database, which takes no other operations meanwhile.
func (c *client) defragment(ctx context.Context, _ cluster.Op, a *attempt) cluster.Outcome {
	if _, err := c.etcd.Defragment(ctx, c.own); err != nil {
		return unchanged(err, a)
	}
	return cluster.Outcome{Type: history.OK, Node: c.node}
}

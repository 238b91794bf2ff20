package etcd

import (
	"context"

	"faultline/cluster"
	"faultline/history"
)

// generate writes a key. The id is the revision that this makes, which no other change has.
func (c *client) generate(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	done, err := c.etcd.Put(ctx, o.Key, cluster.Pad("", o.Padding))
	if err != nil {
		return unchanged(err, a)
	}
	return cluster.Outcome{Type: history.OK, Value: history.IntValue(done.Header.Revision), LogIndex: uint64(done.Header.Revision)}
}

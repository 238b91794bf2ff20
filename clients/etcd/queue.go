package etcd

import (
	"context"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// A queue is etcd's own recipe (client/v3/experimental/recipes, queue.go): a key for each element under a prefix, in the order of
// their revisions.

// enqueue writes a key that is named after the element, which is unique; the recipe names it after the time.
func (c *client) enqueue(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	done, err := c.etcd.Put(ctx, under(o.Key)+o.Value.String(), stored.Text(o.Value, o.Padding))
	if err != nil {
		return unchanged(err, a)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
}

// dequeue looks for the first key, and deletes it by a transaction that compares its revision. If another client was faster it
// looks again.
func (c *client) dequeue(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	for {
		found, err := c.etcd.Get(ctx, under(o.Key), clientv3.WithFirstRev()...)
		switch {
		case err != nil:
			return unread(err)
		case len(found.Kvs) == 0:
			return cluster.Outcome{Type: history.OK, Value: history.NilValue(), LogIndex: uint64(found.Header.Revision)}
		}
		a.forget()
		key, first := string(found.Kvs[0].Key), found.Kvs[0]
		done, err := c.etcd.Txn(ctx).
			If(clientv3.Compare(clientv3.ModRevision(key), "=", first.ModRevision)).
			Then(clientv3.OpDelete(key)).
			Commit()
		if err != nil {
			return unchanged(err, a)
		}
		if done.Succeeded {
			return cluster.Outcome{Type: history.OK, Value: stored.Value(string(first.Value)), LogIndex: uint64(done.Header.Revision)}
		}
	}
}

package etcd

import (
	"context"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// put writes a key, or several in one transaction.
func (c *client) put(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	writes, err := writesOf(o)
	if err != nil {
		return failed(err.Error())
	}
	done, err := c.etcd.Txn(ctx).Then(writes...).Commit()
	if err != nil {
		return unchanged(err, a)
	}
	return versioned(done.Header.Revision, o.Value)
}

// writesOf are the writes of a put.
func writesOf(o cluster.Op) (writes []clientv3.Op, err error) {
	entries, several := o.Value.Map()
	if !several {
		return []clientv3.Op{clientv3.OpPut(o.Key, stored.Text(o.Value, o.Padding))}, nil
	}
	for _, e := range entries {
		key, ok := e[0].Text()
		if !ok {
			return nil, fmt.Errorf("a put takes a map of keys that are texts, not %v", e[0])
		}
		writes = append(writes, clientv3.OpPut(key, stored.Text(e[1], o.Padding)))
	}
	return writes, nil
}

// remove deletes a key.
func (c *client) remove(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	done, err := c.etcd.Delete(ctx, o.Key)
	if err != nil {
		return unchanged(err, a)
	}
	out := versioned(done.Header.Revision, history.NilValue())
	if done.Deleted == 0 {
		out.Value = ops.Version{Value: history.NilValue()}.Encode()
	}
	return out
}

// versioned is the outcome of a change that made a revision.
func versioned(revision int64, value history.Value) cluster.Outcome {
	return cluster.Outcome{Type: history.OK, Value: ops.Version{Revision: revision, Value: value}.Encode(), LogIndex: uint64(revision)}
}

package etcd

import (
	"context"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// txn reads and writes several registers in one transaction.
func (c *client) txn(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	steps, err := ops.DecodeSteps(o.Value)
	if err != nil {
		return failed(err.Error())
	}
	done, err := c.etcd.Txn(ctx).Then(c.parts(o, steps)...).Commit()
	switch {
	case err != nil && ops.OnlyRead(steps):
		return unread(err)
	case err != nil:
		return unchanged(err, a)
	}
	for i, r := range done.Responses {
		if !steps[i].Writes() {
			steps[i].Value = register((*clientv3.GetResponse)(r.GetResponseRange()))
		}
	}
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeSteps(steps), LogIndex: uint64(done.Header.Revision)}
}

// parts are the steps as the library has them. Reads may be stale if the option says so, and nothing is written.
func (c *client) parts(o cluster.Op, steps []ops.Step) (parts []clientv3.Op) {
	for _, s := range steps {
		key := o.Key + "/" + s.Key
		if s.Writes() {
			parts = append(parts, clientv3.OpPut(key, stored.Text(s.Value, o.Padding)))
		} else {
			parts = append(parts, clientv3.OpGet(key, c.reading()...))
		}
	}
	return parts
}

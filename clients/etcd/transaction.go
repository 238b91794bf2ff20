package etcd

import (
	"context"
	"maps"
	"slices"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/history"
)

// transaction is optimistic, as concurrency.NewSTM of the library is: all that the steps are about is read at one revision, and what they
// write is written by a transaction that compares whether anything of that has changed since. If it has, all of that is done again.
// One that only reads needs no second transaction.
func (c *client) transaction(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	steps, err := ops.DecodeSteps(o.Value)
	if err != nil {
		return failed(err.Error())
	}
	for {
		read, err := c.etcd.Txn(ctx).Then(c.gets(steps)...).Commit()
		if err != nil {
			return unread(err)
		}
		values, same := readIn(read, steps)
		answer, written, ok := objects.Transact(values, o.Value)
		if !ok {
			return cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed, LogIndex: uint64(read.Header.Revision)}
		}
		if len(written) == 0 {
			return cluster.Outcome{Type: history.OK, Value: answer, LogIndex: uint64(read.Header.Revision)}
		}
		a.forget()
		done, err := c.etcd.Txn(ctx).If(same...).Then(writes(written, o.Padding)...).Commit()
		if err != nil {
			return unchanged(err, a)
		}
		if done.Succeeded {
			return cluster.Outcome{Type: history.OK, Value: answer, LogIndex: uint64(done.Header.Revision)}
		}
	}
}

// gets read what each step is about. What only reads may be stale if the option says so.
func (c *client) gets(steps []ops.Step) (all []clientv3.Op) {
	var how []clientv3.OpOption
	if ops.OnlyRead(steps) {
		how = c.reading()
	}
	for _, s := range steps {
		if s.Kind == ops.ScanStep {
			all = append(all, clientv3.OpGet(s.Key, append(slices.Clone(how), clientv3.WithPrefix())...))
		} else {
			all = append(all, clientv3.OpGet(s.Key, how...))
		}
	}
	return all
}

// readIn are the values that were read, and what compares whether all of it is still the same: each key that was read, and for a
// scan that no key with the prefix is newer. What is written and not read may have changed.
func readIn(read *clientv3.TxnResponse, steps []ops.Step) (values map[string]history.Value, same []clientv3.Cmp) {
	values = map[string]history.Value{}
	for i, r := range read.Responses {
		found := (*clientv3.GetResponse)(r.GetResponseRange()).Kvs
		for _, kv := range found {
			values[string(kv.Key)] = stored.Value(string(kv.Value))
			if steps[i].Kind != ops.WriteStep {
				same = append(same, clientv3.Compare(clientv3.ModRevision(string(kv.Key)), "=", kv.ModRevision))
			}
		}
		switch step := steps[i]; {
		case step.Kind == ops.ScanStep:
			same = append(same, clientv3.Compare(clientv3.ModRevision(step.Key).WithPrefix(), "<", read.Header.Revision+1))
		case step.Kind != ops.WriteStep && len(found) == 0:
			same = append(same, clientv3.Compare(clientv3.CreateRevision(step.Key), "=", 0))
		}
	}
	return values, same
}

func writes(written map[string]history.Value, padding int) (all []clientv3.Op) {
	for _, key := range slices.Sorted(maps.Keys(written)) {
		if written[key].Kind() == history.Nil {
			all = append(all, clientv3.OpDelete(key))
		} else {
			all = append(all, clientv3.OpPut(key, stored.Text(written[key], padding)))
		}
	}
	return all
}

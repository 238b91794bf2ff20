package etcd

import (
	"context"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

func (c *client) read(ctx context.Context, o cluster.Op) cluster.Outcome {
	found, err := c.etcd.Get(ctx, o.Key, c.reading()...)
	if err != nil {
		return unread(err)
	}
	return cluster.Outcome{Type: history.OK, Value: register(found), LogIndex: uint64(found.Header.Revision)}
}

// reading is how to read: a serializable read is what the member has, which needs no other.
func (c *client) reading() []clientv3.OpOption {
	if c.serializable {
		return []clientv3.OpOption{clientv3.WithSerializable()}
	}
	return nil
}

func (c *client) write(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	done, err := c.etcd.Put(ctx, o.Key, stored.Text(o.Value, o.Padding))
	if err != nil {
		return unchanged(err, a)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
}

// delete of a key that is not there makes no revision. Its answer has that of the state which it found without the key.
func (c *client) delete(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	done, err := c.etcd.Delete(ctx, o.Key)
	if err != nil {
		return unchanged(err, a)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
}

// cas is a transaction that writes if the key has the value that is expected, and reads it otherwise. The read is part of the
// transaction, which goes through Raft as it may write: what it finds is what the comparison saw.
//
// The value may be stored with padding, which etcd compares and a cas does not. So if the value is found but not its bytes,
// another transaction expects those bytes. Each is atomic, and all before the last changed nothing.
func (c *client) cas(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	old, fresh, err := o.CAS()
	if err != nil {
		return failed(err.Error())
	}
	expected := stored.Text(old, 0)
	for {
		done, err := c.etcd.Txn(ctx).
			If(holds(o.Key, old, expected)).
			Then(clientv3.OpPut(o.Key, stored.Text(fresh, o.Padding))).
			Else(clientv3.OpGet(o.Key)).
			Commit()
		if err != nil {
			return unchanged(err, a)
		}
		out := cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
		if done.Succeeded {
			return out
		}
		found := (*clientv3.GetResponse)(done.Responses[0].GetResponseRange())
		if out.Value = register(found); len(found.Kvs) == 0 || !out.Value.Equal(old) || string(found.Kvs[0].Value) == expected {
			out.Type, out.Error = history.Fail, history.PreconditionFailed
			return out
		}
		expected = string(found.Kvs[0].Value)
		a.forget()
	}
}

// holds compares what a key has with a value, as stored in these bytes. Nil is a key that is not there.
func holds(key string, v history.Value, text string) clientv3.Cmp {
	if v.Kind() == history.Nil {
		return clientv3.Compare(clientv3.CreateRevision(key), "=", 0)
	}
	return clientv3.Compare(clientv3.Value(key), "=", text)
}

// register is the value in the answer to a read of one key.
func register(found *clientv3.GetResponse) history.Value {
	if len(found.Kvs) == 0 {
		return history.NilValue()
	}
	return stored.Value(string(found.Kvs[0].Value))
}

package etcd

import (
	"context"
	"errors"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// Counters, banks and fenced registers change by a function of what they have: it is read, and written by a transaction that
// compares the revisions of what was read. If another client was faster all of that is done again. So a change that failed in an attempt
// before the last has certainly not been made, and the last attempt alone says how the operation ended.

// errRefused is the error of a change that is not to be made, as what was read does not allow it.
var errRefused = errors.New(history.PreconditionFailed)

// change replaces the values of some keys by what the function makes of them, in one step. A key that is not there has
// history.NilValue. If the function returns an error nothing is changed.
func (c *client) change(ctx context.Context, keys []string, padding int, a *attempt, next func(found []history.Value) ([]history.Value, error)) cluster.Outcome {
	var reads []clientv3.Op
	for _, key := range keys {
		reads = append(reads, clientv3.OpGet(key))
	}
	for {
		read, err := c.etcd.Txn(ctx).Then(reads...).Commit()
		if err != nil {
			return unread(err)
		}
		before, same := observedIn(read, keys)
		after, err := next(before)
		if err != nil {
			return cluster.Outcome{Type: history.Fail, Error: err.Error(), LogIndex: uint64(read.Header.Revision)}
		}
		a.forget()
		done, err := c.etcd.Txn(ctx).If(same...).Then(puts(keys, after, padding)...).Commit()
		if err != nil {
			return unchanged(err, a)
		}
		if done.Succeeded {
			return cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
		}
	}
}

// observedIn are the values that a transaction has read, and what compares whether they are still the same. The revision of a key
// that is not there is 0.
func observedIn(read *clientv3.TxnResponse, keys []string) (found []history.Value, same []clientv3.Cmp) {
	for i, r := range read.Responses {
		one := (*clientv3.GetResponse)(r.GetResponseRange())
		found = append(found, register(one))
		revision := int64(0)
		if len(one.Kvs) > 0 {
			revision = one.Kvs[0].ModRevision
		}
		same = append(same, clientv3.Compare(clientv3.ModRevision(keys[i]), "=", revision))
	}
	return found, same
}

func puts(keys []string, values []history.Value, padding int) (all []clientv3.Op) {
	for i, key := range keys {
		all = append(all, clientv3.OpPut(key, stored.Text(values[i], padding)))
	}
	return all
}

// count is a number that a key has; 0 if the key is not there.
func count(found history.Value) (int64, error) {
	n, ok := found.Int()
	if !ok && found.Kind() != history.Nil {
		return 0, fmt.Errorf("what is stored is %v, which is not a number", found)
	}
	return n, nil
}

package etcd

import (
	"context"
	"strings"

	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// under is where the keys of an object are that has several: "k1" has "k1/5", which "k11" has not.
func under(object string) string { return object + "/" }

// addElement writes a key that is named after the element. Padding is in what the key has.
func (c *client) addElement(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	done, err := c.etcd.Put(ctx, under(o.Key)+o.Value.String(), cluster.Pad("", o.Padding))
	if err != nil {
		return unchanged(err, a)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: uint64(done.Header.Revision)}
}

// readSet is one range over the keys of all elements, which is a snapshot.
func (c *client) readSet(ctx context.Context, o cluster.Op) cluster.Outcome {
	found, err := c.etcd.Get(ctx, under(o.Key), append(c.reading(), clientv3.WithPrefix(), clientv3.WithKeysOnly())...)
	if err != nil {
		return unread(err)
	}
	var elements []history.Value
	for _, kv := range found.Kvs {
		elements = append(elements, stored.Value(strings.TrimPrefix(string(kv.Key), under(o.Key))))
	}
	return cluster.Outcome{Type: history.OK, Value: stored.Elements(elements), LogIndex: uint64(found.Header.Revision)}
}

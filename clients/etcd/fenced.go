package etcd

import (
	"context"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// protected is the key of the register that a lock protects. It is not under the lock's own prefix, where keys are waiters.
func protected(lock string) string { return "protected/" + lock }

// fencedWrite writes unless the register has a larger token. It does not look at the lock.
func (c *client) fencedWrite(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	write, err := ops.DecodeFenced(o.Value)
	if err != nil {
		return failed(err.Error())
	}
	return c.change(ctx, []string{protected(o.Key)}, o.Padding, a, func(found []history.Value) ([]history.Value, error) {
		if found[0].Kind() == history.Nil {
			return []history.Value{o.Value}, nil
		}
		newest, err := ops.DecodeFenced(found[0])
		if err == nil && newest.Token > write.Token {
			err = errRefused
		}
		return []history.Value{o.Value}, err
	})
}

// readFenced reads what was written last.
func (c *client) readFenced(ctx context.Context, o cluster.Op) cluster.Outcome {
	return c.read(ctx, cluster.Op{Key: protected(o.Key)})
}

package etcd

import (
	"context"

	"faultline/cluster"
	"faultline/history"
)

// addToCounter adds to a key.
func (c *client) addToCounter(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	by, _ := o.Value.Int()
	return c.change(ctx, []string{o.Key}, o.Padding, a, func(found []history.Value) ([]history.Value, error) {
		n, err := count(found[0])
		return []history.Value{history.IntValue(n + by)}, err
	})
}

// readCounter reads a key. A counter that nobody has added to is 0.
func (c *client) readCounter(ctx context.Context, o cluster.Op) cluster.Outcome {
	out := c.read(ctx, o)
	if out.Value.Kind() == history.Nil {
		out.Value = history.IntValue(0)
	}
	return out
}

package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// operation carries out an operation at a server. An error is what the server has answered, or that it has not.
type operation func(*client, context.Context, *goredis.Client, cluster.Op) (cluster.Outcome, error)

// operations are all that the client understands, by their names.
var operations = map[string]operation{
	"read":   (*client).read,
	"write":  (*client).write,
	"delete": (*client).delete,
	"cas": func(c *client, ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
		return c.cas(ctx, r, o)
	},

	ops.Of(ops.Set, ops.Add):  (*client).addElement,
	ops.Of(ops.Set, ops.Read): (*client).readSet,

	ops.Of(ops.Queue, ops.Enqueue): (*client).enqueue,
	ops.Of(ops.Queue, ops.Dequeue): (*client).dequeue,

	ops.Of(ops.IDs, ops.Generate): (*client).generate,

	ops.Of(ops.Counter, ops.Add):  (*client).addToCounter,
	ops.Of(ops.Counter, ops.Read): (*client).readCounter,

	ops.Of(ops.Lock, ops.Acquire): (*client).acquire,
	ops.Of(ops.Lock, ops.Release): (*client).release,
}

// done is the outcome of a change that answers nothing.
func done(err error) (cluster.Outcome, error) { return answered(history.Value{}, err) }

// answered is the outcome of an operation with this answer.
func answered(v history.Value, err error) (cluster.Outcome, error) {
	return cluster.Outcome{Type: history.OK, Value: v}, err
}

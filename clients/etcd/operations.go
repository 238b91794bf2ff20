package etcd

import (
	"context"

	"faultline/cluster"
	"faultline/cluster/ops"
)

// operation carries out an operation, and tells the attempt what it sends.
type operation func(*client, context.Context, cluster.Op, *attempt) cluster.Outcome

// asking is an operation that changes nothing.
func asking(do func(*client, context.Context, cluster.Op) cluster.Outcome) operation {
	return func(c *client, ctx context.Context, o cluster.Op, _ *attempt) cluster.Outcome { return do(c, ctx, o) }
}

// operations are all that the client understands, by their names.
var operations = map[string]operation{
	"read":   asking((*client).read), // of registers, and ops.Read
	"write":  (*client).write,
	"cas":    (*client).cas,
	"delete": (*client).delete,

	ops.Put:        (*client).put,
	ops.Remove:     (*client).remove,
	ops.Watch:      asking((*client).watch),
	ops.Grant:      (*client).grant,
	ops.Attach:     (*client).attach,
	ops.KeepAlive:  (*client).keepAlive,
	ops.Revoke:     (*client).revoke,
	ops.Txn:        (*client).txn,
	ops.Digest:     asking((*client).digest),
	ops.Compact:    (*client).compact,
	ops.Defragment: (*client).defragment,

	ops.Of(ops.Set, ops.Add):  (*client).addElement,
	ops.Of(ops.Set, ops.Read): asking((*client).readSet),

	ops.Of(ops.Queue, ops.Enqueue): (*client).enqueue,
	ops.Of(ops.Queue, ops.Dequeue): (*client).dequeue,

	ops.Of(ops.IDs, ops.Generate): (*client).generate,

	ops.Of(ops.Counter, ops.Add):  (*client).addToCounter,
	ops.Of(ops.Counter, ops.Read): asking((*client).readCounter),

	ops.Of(ops.Bank, ops.Deposit):  (*client).deposit,
	ops.Of(ops.Bank, ops.Transfer): (*client).transfer,
	ops.Of(ops.Bank, ops.Read):     asking((*client).readBank),

	ops.Of(ops.Transaction, ops.Txn): (*client).transaction,

	ops.Of(ops.Lock, ops.Acquire): (*client).acquire,
	ops.Of(ops.Lock, ops.Release): (*client).release,

	ops.Of(ops.FencedLock, ops.Acquire):     (*client).acquire,
	ops.Of(ops.FencedLock, ops.Release):     (*client).release,
	ops.Of(ops.FencedLock, ops.FencedWrite): (*client).fencedWrite,
	ops.Of(ops.FencedLock, ops.Read):        asking((*client).readFenced),
}

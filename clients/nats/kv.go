package nats

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"faultline/clients/internal/options"
	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/cluster/ops"
	"faultline/history"
)

// bucket is where all keys are.
const bucket = "faultline"

// kv is a client of a bucket. The first client that finds no bucket makes one.
//
// Reads, writes and deletes are the library's. A cas is made of a Get, a comparison, and an Update that expects the revision
// which was read. If it succeeds it took effect at the Update, which no other write came before. If the value that was read
// is not the expected one it has observed the store as a read has, stale or not. If the revision is not what was read
// nothing was written, and nothing is said of the value.
//
// Changes have the sequence of their message as log index. A read has none: the library says which message it found, and not
// what the server had by then.
type kv struct {
	*connection
	replicas int
	direct   bool

	bucket   jetstream.KeyValue // nil until it was found
	counting jetstream.Stream   // nil until it was found
}

// OpenKV returns a client of a bucket. It connects in its first operation, so that all that the library starts runs on the
// client's host.
func OpenKV(t foreign.Target) (cluster.Client, error) {
	o := options.Read(t.Options)
	c := &kv{connection: newConnection(t, o), replicas: replicas(t, o), direct: o.Bool("direct", true)}
	return c, o.Err()
}

// Do runs one operation.
func (c *kv) Do(o cluster.Op) cluster.Outcome {
	ctx, cancel, err := c.begin(o)
	defer cancel()
	if err == nil {
		err = c.find(ctx)
	}
	if err != nil {
		return c.told(failed("not sent: " + reason(err)))
	}
	return c.told(c.run(ctx, o))
}

func (c *kv) run(ctx context.Context, o cluster.Op) cluster.Outcome {
	switch o.Name() {
	case "read":
		return c.read(ctx, o.Key)
	case "write":
		return changed(c.bucket.Put(ctx, o.Key, []byte(stored.Text(o.Value, o.Padding))))
	case "delete":
		return changed(0, c.bucket.Delete(ctx, o.Key)) // the library does not say the sequence of the marker
	case "cas":
		return c.cas(ctx, o)
	case ops.Of(ops.Set, ops.Add):
		return c.addElement(ctx, o)
	case ops.Of(ops.Set, ops.Read):
		return c.readSet(ctx, o)
	case ops.Of(ops.Counter, ops.Add):
		return c.addToCounter(ctx, o)
	case ops.Of(ops.Counter, ops.Read):
		return c.readCounter(ctx, o)
	default:
		return failed(fmt.Sprintf("the store has no operation %q", o.Name()))
	}
}

// changed is the outcome of a change that the library answers so.
func changed(sequence uint64, err error) cluster.Outcome {
	if err != nil {
		return unchanged(err)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: sequence}
}

func (c *kv) read(ctx context.Context, key string) cluster.Outcome {
	found, _, err := c.get(ctx, key)
	if err != nil {
		return unread(err)
	}
	return cluster.Outcome{Type: history.OK, Value: found}
}

// get returns what a key has, and its revision.
func (c *kv) get(ctx context.Context, key string) (history.Value, uint64, error) {
	entry, err := c.bucket.Get(ctx, key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return history.NilValue(), 0, nil
	case err != nil:
		return history.Value{}, 0, err
	default:
		return stored.Value(string(entry.Value())), entry.Revision(), nil
	}
}

func (c *kv) cas(ctx context.Context, o cluster.Op) cluster.Outcome {
	old, fresh, err := o.CAS()
	if err != nil {
		return failed(err.Error())
	}
	found, revision, err := c.get(ctx, o.Key)
	switch {
	case err != nil:
		return unread(err)
	case !found.Equal(old):
		return cluster.Outcome{Type: history.Fail, Value: found, Error: history.PreconditionFailed}
	case revision == 0: // a deleted key has a revision, which the library does not tell
		return failed("the client of NATS KV has no cas of a key that is not there")
	}
	return changed(c.bucket.Update(ctx, o.Key, []byte(stored.Text(fresh, o.Padding)), revision))
}

// find finds the bucket, or makes it. Two clients that make it at once ask for the same, which the server takes for one.
func (c *kv) find(ctx context.Context) (err error) {
	if c.bucket != nil {
		return nil
	}
	c.bucket, err = c.js.KeyValue(ctx, bucket)
	if !errors.Is(err, jetstream.ErrBucketNotFound) {
		return err
	}
	if _, err = c.js.CreateStream(ctx, c.config()); err != nil {
		return fmt.Errorf("create the bucket: %w", err)
	}
	c.bucket, err = c.js.KeyValue(ctx, bucket)
	return err
}

// config is what the library makes a bucket of, except that direct gets are an option, from the beginning: were they turned
// off later, some client would have read so already. A direct get is answered by any replica, with what it has.
func (c *kv) config() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:              "KV_" + bucket,
		Subjects:          []string{"$KV." + bucket + ".>"},
		Replicas:          c.replicas,
		AllowDirect:       c.direct,
		Storage:           jetstream.FileStorage,
		Discard:           jetstream.DiscardNew,
		MaxMsgsPerSubject: 1,
		MaxMsgs:           -1,
		MaxBytes:          -1,
		MaxMsgSize:        -1,
		MaxConsumers:      -1,
		AllowRollup:       true,
		DenyDelete:        true,
	}
}

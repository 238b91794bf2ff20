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

// stream is a client of streams, which are logs or queues: each key is one, and the first client that does not find it makes it. Package ops says what
// its operations are.
type stream struct {
	*connection
	replicas int
	monitor  string // the port on which servers tell of themselves; empty if they do not

	found   map[string]bool
	queues  map[string]jetstream.Consumer
	polling *consumer // nil if there is no subscription
}

// OpenStream returns a client of streams. It connects in its first operation, so that all that the library starts runs on the
// client's host.
func OpenStream(t foreign.Target) (cluster.Client, error) {
	o := options.Read(t.Options)
	s := &stream{connection: newConnection(t, o), replicas: replicas(t, o), monitor: o.String("monitor", ""), found: map[string]bool{}, queues: map[string]jetstream.Consumer{}}
	return s, o.Err()
}

// probe is the operation by which it is seen whether the servers serve: they accept a record to a stream of its own.
const probe = "probe"

// Do runs one operation.
func (s *stream) Do(o cluster.Op) cluster.Outcome {
	if o.F == probe {
		o.Key = probe
	}
	ctx, cancel, err := s.begin(o)
	defer cancel()
	if err == nil && o.Object == "" { // a log
		err = s.find(ctx, o.Key)
	}
	if err != nil {
		return s.told(failed("not sent: " + reason(err)))
	}
	return s.told(s.run(ctx, o))
}

func (s *stream) run(ctx context.Context, o cluster.Op) cluster.Outcome {
	switch o.Name() {
	case ops.Of(ops.Queue, ops.Enqueue):
		return s.enqueue(ctx, o)
	case ops.Of(ops.Queue, ops.Dequeue):
		return s.dequeue(ctx, o)
	case ops.Send:
		return s.send(ctx, o)
	case ops.Fetch:
		return s.fetch(ctx, o)
	case ops.Poll:
		return s.poll(ctx, o)
	case probe:
		return s.send(ctx, cluster.Op{Key: o.Key, Value: history.NilValue(), Padding: o.Padding})
	default:
		return failed(fmt.Sprintf("the store has no operation %q", o.Name()))
	}
}

// send publishes a record, and waits for the acknowledgement of the stream.
func (s *stream) send(ctx context.Context, o cluster.Op) cluster.Outcome {
	ack, err := s.js.Publish(ctx, subject(o.Key), []byte(stored.Text(o.Value, o.Padding)))
	if err != nil {
		return unchanged(err)
	}
	record := ops.Record{Offset: int64(ack.Sequence), Value: o.Value}
	return cluster.Outcome{Type: history.OK, Value: record.Encode(), LogIndex: ack.Sequence}
}

// find finds a stream, or makes it. Two clients that make it at once ask for the same, which the server takes for one.
func (s *stream) find(ctx context.Context, name string) error {
	if s.found[name] {
		return nil
	}
	_, err := s.js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = s.js.CreateStream(ctx, jetstream.StreamConfig{
			Name:        name,
			Subjects:    []string{subject(name)},
			Replicas:    s.replicas,
			AllowDirect: true, // for Fetch
			Storage:     jetstream.FileStorage,
		})
	}
	if err != nil {
		return fmt.Errorf("find the stream: %w", err)
	}
	s.found[name] = true
	return nil
}

// subject is what a stream listens to.
func subject(name string) string { return "faultline." + name }

// Close ends the subscription, and closes the connection.
func (s *stream) Close() {
	s.unsubscribe()
	s.connection.Close()
}

package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/cluster"
	"faultline/history"
)

// Counters are subjects of a stream whose messages are increments: servers have that from 2.12 on (ADR-49). The leader of the
// stream adds, and each message has the sum so far. A read is a get of the last message, direct or not as those of the bucket are.

// counterStream is where all counters are, and increment the header that says what is added.
const (
	counterStream = "faultline-counters"
	increment     = "Nats-Incr"
)

// counter is the subject of a counter.
func counter(key string) string { return counterStream + "." + key }

func (c *kv) addToCounter(ctx context.Context, o cluster.Op) cluster.Outcome {
	if _, err := c.counters(ctx); err != nil {
		return failed("not sent: " + reason(err))
	}
	by, _ := o.Value.Int()
	m := natsgo.NewMsg(counter(o.Key))
	m.Header.Set(increment, fmt.Sprintf("%+d", by))
	ack, err := c.js.PublishMsg(ctx, m)
	if err != nil {
		return unchanged(err)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: ack.Sequence}
}

// readCounter reads the last sum. A counter that nobody has added to is 0.
func (c *kv) readCounter(ctx context.Context, o cluster.Op) cluster.Outcome {
	stream, err := c.counters(ctx)
	if err != nil {
		return unread(err)
	}
	last, err := stream.GetLastMsgForSubject(ctx, counter(o.Key))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return cluster.Outcome{Type: history.OK, Value: history.IntValue(0)}
	case err != nil:
		return unread(err)
	}
	var sum struct {
		Value json.Number `json:"val"`
	}
	if err := json.Unmarshal(last.Data, &sum); err != nil {
		return unread(fmt.Errorf("the sum of a counter: %w", err))
	}
	n, err := sum.Value.Int64()
	if err != nil {
		return unread(fmt.Errorf("the sum of a counter: %w", err))
	}
	return cluster.Outcome{Type: history.OK, Value: history.IntValue(n)}
}

// counters finds the stream of all counters, or makes it.
func (c *kv) counters(ctx context.Context) (jetstream.Stream, error) {
	if c.counting != nil {
		return c.counting, nil
	}
	found, err := c.js.Stream(ctx, counterStream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		found, err = c.js.CreateStream(ctx, jetstream.StreamConfig{
			Name:            counterStream,
			Subjects:        []string{counter(">")},
			Replicas:        c.replicas,
			AllowDirect:     c.direct,
			AllowMsgCounter: true,
			Storage:         jetstream.FileStorage,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("find the counters: %w", err)
	}
	c.counting = found
	return found, nil
}

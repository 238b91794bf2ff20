package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// A queue is a work-queue stream with one consumer that all clients share, which they pull from and acknowledge to. What is not
// acknowledged in time is delivered again, also if its first receiver has taken it: a queue gives elements at least once, and in no
// order.

// workers is the name of the consumer of each queue.
const workers = "workers"

const (
	ackWait        = 2 * time.Second       // until an element is delivered again that was not acknowledged
	lookAgainAfter = 50 * time.Millisecond // when there is nothing to take now
)

func (s *stream) enqueue(ctx context.Context, o cluster.Op) cluster.Outcome {
	if _, err := s.queue(ctx, o.Key); err != nil {
		return failed("not sent: " + reason(err))
	}
	ack, err := s.js.Publish(ctx, subject(o.Key), []byte(stored.Text(o.Value, o.Padding)))
	if err != nil {
		return unchanged(err)
	}
	return cluster.Outcome{Type: history.OK, LogIndex: ack.Sequence}
}

// dequeue takes an element when the server has confirmed the acknowledgement. One that was delivered and not acknowledged is not
// taken. The queue is empty if the consumer has nothing to deliver and nothing that was delivered and may come back.
func (s *stream) dequeue(ctx context.Context, o cluster.Op) cluster.Outcome {
	consumer, err := s.queue(ctx, o.Key)
	if err != nil {
		return failed("not sent: " + reason(err))
	}
	for {
		element, err := pull(ctx, consumer)
		switch {
		case err != nil:
			return unread(err)
		case element != nil:
			return taken(ctx, element)
		}
		info, err := consumer.Info(ctx)
		switch {
		case err != nil:
			return unread(err)
		case info.NumPending == 0 && info.NumAckPending == 0:
			return cluster.Outcome{Type: history.OK, Value: history.NilValue()}
		}
		if pause(ctx, lookAgainAfter); ctx.Err() != nil {
			return failed("what is in the queue was delivered, and is not acknowledged yet")
		}
	}
}

// taken acknowledges an element.
func taken(ctx context.Context, element jetstream.Msg) cluster.Outcome {
	if err := element.DoubleAck(ctx); err != nil {
		return cluster.Outcome{Type: history.Info, Error: reason(err)}
	}
	return cluster.Outcome{Type: history.OK, Value: stored.Value(string(element.Data()))}
}

// pull asks for an element that is to be had now; nil if there is none.
func pull(ctx context.Context, consumer jetstream.Consumer) (jetstream.Msg, error) {
	batch, err := consumer.FetchNoWait(1)
	if err != nil {
		return nil, err
	}
	select {
	case element := <-batch.Messages(): // which is closed if there is none
		return element, batch.Error()
	case <-ctx.Done(): // what arrives later is delivered again to somebody
		return nil, ctx.Err()
	}
}

// queue finds the consumer of a queue, or makes it, after the stream.
func (s *stream) queue(ctx context.Context, name string) (jetstream.Consumer, error) {
	if s.queues[name] != nil {
		return s.queues[name], nil
	}
	_, err := s.js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = s.js.CreateStream(ctx, jetstream.StreamConfig{
			Name:      name,
			Subjects:  []string{subject(name)},
			Replicas:  s.replicas,
			Retention: jetstream.WorkQueuePolicy,
			Storage:   jetstream.FileStorage,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("find the queue: %w", err)
	}
	// Clients that make it at once ask for the same.
	consumer, err := s.js.CreateOrUpdateConsumer(ctx, name, jetstream.ConsumerConfig{
		Durable:   workers,
		AckPolicy: jetstream.AckExplicitPolicy,
		AckWait:   ackWait,
	})
	if err != nil {
		return nil, fmt.Errorf("find the consumer of the queue: %w", err)
	}
	s.queues[name] = consumer
	return consumer, nil
}

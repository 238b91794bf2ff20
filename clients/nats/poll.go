package nats

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// consumer is a subscription to a stream: an ordered consumer, which the library makes anew, after what it has passed on, when
// it breaks or misses a record.
type consumer struct {
	stream  string
	next    int64 // the offset after the last record that was received
	records chan ops.Record
	done    chan struct{} // closed when nobody takes records any more
	stop    func()
}

// manyRecords is how many records one answer holds at most.
const manyRecords = 1000

// poll returns the records that the subscription was given since the last time, and waits for some if there are none.
func (s *stream) poll(ctx context.Context, o cluster.Op) cluster.Outcome {
	from, _ := o.Value.Int()
	if s.polling != nil && (s.polling.stream != o.Key || s.polling.next != from) {
		s.unsubscribe()
	}
	if s.polling == nil {
		c, err := s.subscribe(ctx, o.Key, from)
		if err != nil {
			return unread(err)
		}
		s.polling = c
	}
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeRecords(s.polling.take(ctx))}
}

func (s *stream) subscribe(ctx context.Context, name string, from int64) (*consumer, error) {
	subscription, err := s.js.OrderedConsumer(ctx, name, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:   uint64(max(1, from)),
	})
	if err != nil {
		return nil, err
	}
	c := &consumer{stream: name, next: from, records: make(chan ops.Record, manyRecords), done: make(chan struct{})}
	running, err := subscription.Consume(c.receive)
	if err != nil {
		return nil, err
	}
	c.stop = running.Stop
	return c, nil
}

// receive is called by the library with one record after the other.
func (c *consumer) receive(m jetstream.Msg) {
	about, err := m.Metadata()
	if err != nil {
		return // it came from no stream
	}
	select {
	case c.records <- ops.Record{Offset: int64(about.Sequence.Stream), Value: stored.Value(string(m.Data()))}:
	case <-c.done:
	}
}

// take waits for a record, and returns it with all that have arrived.
func (c *consumer) take(ctx context.Context) (all []ops.Record) {
	select {
	case r := <-c.records:
		all = append(all, r)
	case <-ctx.Done():
		return nil
	}
	for len(all) < manyRecords {
		select {
		case r := <-c.records:
			all = append(all, r)
			continue
		default:
		}
		break
	}
	c.next = all[len(all)-1].Offset + 1
	return all
}

// unsubscribe ends the subscription, if there is one.
func (s *stream) unsubscribe() {
	if s.polling != nil {
		close(s.polling.done)
		s.polling.stop()
		s.polling = nil
	}
}

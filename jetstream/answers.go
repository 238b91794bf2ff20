package jetstream

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/campaign/remote/queue"
)

// objectHeader names the object that has the body of a message.
const objectHeader = "Faultline-Object"

// inMessage is how large a body may be in a message; by default servers take a megabyte.
const inMessage = 512 << 10

func answerSubject(a queue.Answer) string {
	return strings.Join([]string{"faultline.answer", a.Campaign, a.Key}, ".")
}

// Answer implements queue.Queue.
func (q *Queue) Answer(ctx context.Context, a queue.Answer) error {
	m := nats.NewMsg(answerSubject(a))
	m.Header.Set(digestHeader, a.Digest)
	if m.Data = a.Body; len(a.Body) > inMessage {
		name := objectOf(a)
		if err := q.Put(ctx, name, a.Body); err != nil {
			return err
		}
		m.Header.Set(objectHeader, name)
		m.Data = nil
	}
	return q.publish(ctx, m, strings.Join([]string{a.Campaign, a.Key, a.Digest}, "."))
}

const digestHeader = "Faultline-Digest"

// objectOf is the name of the object that has the body of an answer.
func objectOf(a queue.Answer) string {
	return strings.Join([]string{"run", a.Campaign, a.Key, a.Digest}, ".")
}

// unsettled is how long an answer may take to be stored. One that was sent to a connection which is gone comes again then, and so does one that
// waits for its turn; that is no harm.
const unsettled = 30 * time.Second

// most is how many answers are handed over at once.
const most = 256

// Answers implements queue.Queue.
func (q *Queue) Answers(ctx context.Context, campaign string) ([]queue.Answer, error) {
	coming, err := q.listen(ctx, campaign)
	if err != nil {
		return nil, err
	}
	var all []queue.Answer
	patience := time.NewTimer(queue.Patience)
	defer patience.Stop()
	select {
	case m := <-coming:
		all, err = q.appendAnswer(ctx, all, m)
	case <-patience.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for err == nil && len(all) > 0 && len(all) < most {
		select {
		case m := <-coming:
			all, err = q.appendAnswer(ctx, all, m)
		default:
			return all, nil
		}
	}
	if len(all) > 0 {
		return all, nil // that which could not be read comes again
	}
	return nil, err
}

// listen has the answers to a campaign come, from the first that is not settled.
func (q *Queue) listen(ctx context.Context, campaign string) (<-chan jetstream.Msg, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if c, ok := q.answerer[campaign]; ok {
		return c, nil
	}
	name := "campaign-" + campaign
	// What another coordinator of the campaign was handed, and has not settled as it was killed, comes to this one at once.
	if err := q.answers.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, err
	}
	consumer, err := q.answers.CreateConsumer(ctx, jetstream.ConsumerConfig{Durable: name, FilterSubject: "faultline.answer." + campaign + ".>",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: unsettled, MaxDeliver: -1, MaxAckPending: -1, InactiveThreshold: kept})
	if err != nil {
		return nil, err
	}
	coming := make(chan jetstream.Msg, most)
	go q.pump(consumer, campaign, coming)
	q.answerer[campaign] = coming
	return coming, nil
}

// pump passes on what comes until the connection is closed. What goes wrong meanwhile passes: a server that restarts has the consumer
// again, and one that has lost it gets another by the next call of Answers.
func (q *Queue) pump(consumer jetstream.Consumer, campaign string, to chan<- jetstream.Msg) {
	messages, err := consumer.Messages(jetstream.PullMaxMessages(4*most), jetstream.PullHeartbeat(2*time.Second))
	for err == nil {
		var m jetstream.Msg
		if m, err = messages.Next(); err == nil {
			to <- m
		} else if errors.Is(err, jetstream.ErrNoHeartbeat) {
			err = nil
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.answerer, campaign)
}

// appendAnswer adds what a message says. An answer whose body is gone is settled: it is lost, and the trial will be run again.
func (q *Queue) appendAnswer(ctx context.Context, all []queue.Answer, m jetstream.Msg) ([]queue.Answer, error) {
	names := strings.Split(m.Subject(), ".")
	a := queue.Answer{Campaign: names[2], Key: names[3], Digest: m.Headers().Get(digestHeader), Body: m.Data(), Token: m.Reply()}
	if name := m.Headers().Get(objectHeader); name != "" {
		var err error
		if a.Body, err = q.Get(ctx, name); errors.Is(err, jetstream.ErrObjectNotFound) {
			return all, m.Ack()
		} else if err != nil {
			return all, errors.Join(err, m.Nak())
		}
	}
	return append(all, a), nil
}

// Settle implements queue.Queue.
func (q *Queue) Settle(ctx context.Context, all ...queue.Answer) error {
	for _, a := range all {
		if err := q.conn.Publish(a.Token, []byte("+ACK")); err != nil {
			return err
		}
	}
	return nil
}

// Forget implements queue.Queue.
func (q *Queue) Forget(ctx context.Context, campaign string) error {
	err := q.answers.Purge(ctx, jetstream.WithPurgeSubject("faultline.answer."+campaign+".>"))
	if gone := q.answers.DeleteConsumer(ctx, "campaign-"+campaign); !errors.Is(gone, jetstream.ErrConsumerNotFound) {
		err = errors.Join(err, gone)
	}
	return errors.Join(err, q.forgetObjects(ctx, "run."+campaign+"."))
}

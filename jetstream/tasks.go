package jetstream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/campaign/remote/queue"
)

// backoff is for how long a trial is one worker's, by how often it was another's before.
func (q *Queue) backoff() []time.Duration {
	return []time.Duration{q.lease, q.lease, 2 * q.lease, 4 * q.lease, 6 * q.lease}
}

// attemptHeader says how often a trial was published before.
const attemptHeader = "Faultline-Attempt"

func trialSubject(t queue.Task) string {
	return strings.Join([]string{"faultline.trial", t.Lane, t.Campaign, t.Key}, ".")
}

// Publish implements queue.Queue.
func (q *Queue) Publish(ctx context.Context, t queue.Task) error {
	m := nats.NewMsg(trialSubject(t))
	m.Data = t.Body
	if t.Attempt > 0 {
		m.Header.Set(attemptHeader, strconv.Itoa(t.Attempt))
	}
	return q.publish(ctx, m, fmt.Sprintf("%s.%s.%d", t.Campaign, t.Key, t.Attempt))
}

// publish publishes a message and waits until the server has it. A message of the same id is there already.
func (q *Queue) publish(ctx context.Context, m *nats.Msg, id string) error {
	future, err := q.js.PublishMsgAsync(m, jetstream.WithMsgID(id))
	if err != nil {
		return err
	}
	select {
	case <-future.Ok():
		return nil
	case err := <-future.Err():
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// looks is how many tasks are looked at at once: each takes as long as a message to the server and back.
const looks = 64

// Left implements queue.Queue. What is finished meanwhile is not left.
func (q *Queue) Left(ctx context.Context, lane, campaign string) ([]queue.Task, error) {
	prefix := trialSubject(queue.Task{Lane: lane, Campaign: campaign})
	keys, err := keysOf(ctx, q.trials, prefix)
	if err != nil {
		return nil, err
	}
	found, errs := make([]*jetstream.RawStreamMsg, len(keys)), make([]error, len(keys))
	var all sync.WaitGroup
	free := make(chan struct{}, looks)
	for i, key := range keys {
		free <- struct{}{}
		all.Go(func() {
			found[i], errs[i] = q.trials.GetLastMsgForSubject(ctx, prefix+key)
			<-free
		})
	}
	all.Wait()
	var left []queue.Task
	for i, m := range found {
		switch {
		case errs[i] == nil:
			left = append(left, taskAt(m.Subject, m.Header, m.Data))
		case !errors.Is(errs[i], jetstream.ErrMsgNotFound):
			return nil, errs[i]
		}
	}
	return left, nil
}

// Queued implements queue.Queue.
func (q *Queue) Queued(ctx context.Context, lane, campaign string) ([]string, error) {
	unfinished, err := keysOf(ctx, q.trials, trialSubject(queue.Task{Lane: lane, Campaign: campaign}))
	if err != nil {
		return nil, err
	}
	// A trial is finished after it is answered, so one that is in neither is lost.
	unsettled, err := keysOf(ctx, q.answers, answerSubject(queue.Answer{Campaign: campaign}))
	return append(unfinished, unsettled...), err
}

// keysOf are the last words of the subjects in a stream that begin so.
func keysOf(ctx context.Context, s jetstream.Stream, prefix string) ([]string, error) {
	info, err := s.Info(ctx, jetstream.WithSubjectFilter(prefix+">"))
	if err != nil {
		return nil, err
	}
	var keys []string
	for subject := range info.State.Subjects {
		keys = append(keys, strings.TrimPrefix(subject, prefix))
	}
	return keys, nil
}

// Withdraw implements queue.Queue.
func (q *Queue) Withdraw(ctx context.Context, lane, campaign, key string) error {
	if key == "" {
		key = ">"
	}
	return q.trials.Purge(ctx, jetstream.WithPurgeSubject(trialSubject(queue.Task{Lane: lane, Campaign: campaign, Key: key})))
}

// lane is the consumer that the workers of a lane share.
func (q *Queue) lane(ctx context.Context, lane string) (jetstream.Consumer, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if c, ok := q.lanes[lane]; ok {
		return c, nil
	}
	c, err := q.trials.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{Durable: "lane-" + lane, FilterSubject: "faultline.trial." + lane + ".>",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.lease, BackOff: q.backoff(), MaxDeliver: -1, MaxAckPending: -1, InactiveThreshold: kept})
	if err == nil {
		q.lanes[lane] = c
	}
	return c, err
}

// Fetch implements queue.Queue. Where there are several lanes it looks at one after the other, and if all are empty it waits at that which had
// something last: a campaign is in one lane.
func (q *Queue) Fetch(ctx context.Context, lanes []string, most int) (all []queue.Task, err error) {
	lanes = q.busiestLast(lanes)
	for i, lane := range lanes {
		var more []queue.Task
		more, err = q.fetchFrom(ctx, lane, most-len(all), i == len(lanes)-1 && len(all) == 0)
		if len(more) > 0 {
			q.had(lane)
		}
		if all = append(all, more...); err != nil || len(all) == most {
			break
		}
	}
	if len(all) > 0 {
		return all, nil // they are this caller's, whatever happened at another lane
	}
	return nil, err
}

// busiestLast are lanes with that at the end which had tasks last.
func (q *Queue) busiestLast(lanes []string) []string {
	q.mu.Lock()
	busiest := q.busiest
	q.mu.Unlock()
	if i := slices.Index(lanes, busiest); i >= 0 {
		lanes = append(slices.Delete(slices.Clone(lanes), i, i+1), busiest)
	}
	return lanes
}

func (q *Queue) had(lane string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.busiest = lane
}

// fetchFrom takes tasks of one lane, and waits for the first if it is to.
func (q *Queue) fetchFrom(ctx context.Context, lane string, most int, wait bool) (all []queue.Task, err error) {
	c, err := q.lane(ctx, lane)
	if err != nil {
		return nil, err
	}
	var batch jetstream.MessageBatch
	if wait {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, queue.Patience)
		defer cancel()
		batch, err = c.Fetch(most, jetstream.FetchContext(ctx))
	} else {
		batch, err = c.FetchNoWait(most)
	}
	if err != nil {
		return nil, q.forgotten(lane, err)
	}
	for m := range batch.Messages() {
		all = append(all, taskOf(m))
	}
	if err := batch.Error(); err != nil && ctx.Err() == nil {
		return all, q.forgotten(lane, err)
	}
	return all, nil
}

// forgotten is an error of a lane's consumer, which is looked for anew the next time: the server may have been replaced by another.
func (q *Queue) forgotten(lane string, err error) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.lanes, lane)
	return err
}

func taskOf(m jetstream.Msg) queue.Task {
	t := taskAt(m.Subject(), m.Headers(), m.Data())
	t.Token = m.Reply()
	if meta, err := m.Metadata(); err == nil {
		t.Lost = int(meta.NumDelivered) - 1
	}
	return t
}

// taskAt is the task that a message is.
func taskAt(subject string, header nats.Header, body []byte) queue.Task {
	names := strings.Split(subject, ".")
	t := queue.Task{Lane: names[2], Campaign: names[3], Key: names[4], Body: body}
	t.Attempt, _ = strconv.Atoi(header.Get(attemptHeader)) // none is the first
	return t
}

// Beat implements queue.Queue.
func (q *Queue) Beat(_ context.Context, t queue.Task) error {
	return q.conn.Publish(t.Token, []byte("+WPI"))
}

// Finish implements queue.Queue.
func (q *Queue) Finish(_ context.Context, t queue.Task) error {
	return q.conn.Publish(t.Token, []byte("+ACK"))
}

// Return implements queue.Queue.
func (q *Queue) Return(ctx context.Context, t queue.Task) error {
	again := t
	again.Attempt++
	if err := q.Publish(ctx, again); err != nil {
		return err
	}
	return q.Finish(ctx, t)
}

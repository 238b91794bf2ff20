package jetstream

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"faultline/campaign/remote/queue"
)

const (
	meetSubject = "faultline.meet"
	// gathering is how long answers are waited for: as long as a slow network needs. Of a server that has just been started inside those are
	// known who are on this machine; the others are newcomers.
	gathering       = 500 * time.Millisecond
	gatheringInside = 50 * time.Millisecond
)

// meeting is how parties learn of each other. Nothing is stored, so only parties that are still there are known.
type meeting struct {
	newcomers chan queue.Party

	mu   sync.Mutex
	self queue.Party
}

// Meet implements queue.Queue. Whoever comes says who it is to all, and those of the other kind answer.
func (q *Queue) Meet(ctx context.Context, self queue.Party) ([]queue.Party, error) {
	if err := q.attend(self); err != nil {
		return nil, err
	}
	text, err := json.Marshal(self)
	if err != nil {
		return nil, err
	}
	inbox := q.conn.NewRespInbox()
	answers, err := q.conn.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answers.Unsubscribe() }() // it ends with the connection otherwise
	if err := q.conn.PublishRequest(meetSubject, inbox, text); err != nil {
		return nil, err
	}
	wait := gathering
	if q.embedded != nil {
		wait = gatheringInside
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	var there []queue.Party
	for {
		m, err := answers.NextMsgWithContext(ctx)
		if err != nil {
			return there, nil // nobody else answers
		}
		var p queue.Party
		if json.Unmarshal(m.Data, &p) == nil && p.ID != "" {
			there = append(there, p)
		}
	}
}

// attend has this party answer from now on.
func (q *Queue) attend(self queue.Party) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.meeting != nil {
		q.meeting.mu.Lock()
		defer q.meeting.mu.Unlock()
		q.meeting.self = self
		return nil
	}
	meeting := &meeting{newcomers: make(chan queue.Party, 1024), self: self}
	_, err := q.conn.Subscribe(meetSubject, meeting.hear)
	if err == nil {
		q.meeting = meeting
	}
	return err
}

// hear answers one of the other kind who says who it is.
func (m *meeting) hear(said *nats.Msg) {
	m.mu.Lock()
	self := m.self
	m.mu.Unlock()
	var p queue.Party
	if json.Unmarshal(said.Data, &p) != nil || p.ID == "" || (p.Campaign == "") == (self.Campaign == "") {
		return
	}
	if text, err := json.Marshal(self); err == nil {
		_ = said.Respond(text) // whoever gets no answer asks again
	}
	select {
	case m.newcomers <- p:
	default: // a thousand are enough to be told of
	}
}

// Newcomers implements queue.Queue.
func (q *Queue) Newcomers(ctx context.Context) ([]queue.Party, error) {
	q.mu.Lock()
	m := q.meeting
	q.mu.Unlock()
	if m == nil {
		return nil, nil
	}
	select {
	case p := <-m.newcomers:
		return []queue.Party{p}, nil
	case <-time.After(queue.Patience):
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

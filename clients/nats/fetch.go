package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	natsgo "github.com/nats-io/nats.go"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// A fetch is a direct get of several records, which one replica answers with what it has. The server that the client is
// connected to gives a direct get to any replica, by a draw. So the request asks for a trace of its way as well. The trace
// tells whether the server has kept the request to itself or has passed it on to another, and the client asks again until
// its own server has answered.

const (
	// batch is how many records a replica is asked for at once.
	batch = 256
	// askAgainAfter is how long to wait before a replica is asked again that had no record, and drawAgainAfter before the server
	// draws another replica.
	askAgainAfter  = 50 * time.Millisecond
	drawAgainAfter = 10 * time.Millisecond
	// suspicious is how often in a row of draws another replica is drawn before the server is asked whether it has one at all.
	suspicious = 10
)

// errElsewhere means that another server was given the request.
var errElsewhere = errors.New("another server was asked")

// fetch reads what the client's own server has of the stream.
func (s *stream) fetch(ctx context.Context, o cluster.Op) cluster.Outcome {
	from, _ := o.Value.Int()
	var failure error = context.DeadlineExceeded
	empty, elsewhere := false, 0
	for ctx.Err() == nil {
		records, err := s.ask(ctx, o.Key, from)
		switch {
		case len(records) > 0:
			return cluster.Outcome{Type: history.OK, Value: ops.EncodeRecords(records)}
		case errors.Is(err, errElsewhere):
			failure = err
			if elsewhere++; elsewhere == suspicious && s.lacks(ctx, o.Key) {
				empty = true
				<-ctx.Done() // as any answer in vain takes its time
			}
			pause(ctx, drawAgainAfter)
			continue
		case err != nil:
			failure = err
		default:
			empty = true
		}
		pause(ctx, askAgainAfter)
	}
	if !empty {
		return unread(failure)
	}
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeRecords(nil)}
}

// ask sends one request, and returns what the client's own server has from the offset on: nothing if it has no record.
func (s *stream) ask(ctx context.Context, name string, from int64) ([]ops.Record, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout/4)
	defer cancel()
	inbox := s.conn.NewInbox()
	answers, err := s.conn.SubscribeSync(inbox + ".*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = answers.Unsubscribe() }()
	if err := s.conn.PublishMsg(request(name, from, inbox)); err != nil {
		return nil, err
	}
	a := &answer{inbox: inbox}
	for !a.traced || !a.complete {
		m, err := answers.NextMsgWithContext(ctx)
		if err == nil {
			err = a.add(m)
		}
		if err != nil {
			return nil, err
		}
	}
	return a.records, nil
}

// request is a direct get of a batch, with a trace.
func request(name string, from int64, inbox string) *natsgo.Msg {
	m := natsgo.NewMsg("$JS.API.DIRECT.GET." + name)
	m.Reply = inbox + ".records"
	m.Header.Set("Nats-Trace-Dest", inbox+".trace")
	m.Data = fmt.Appendf(nil, `{"seq":%d,"batch":%d}`, max(1, from), batch)
	return m
}

// answer is what has arrived of the answer to a request.
type answer struct {
	inbox    string
	traced   bool // the client's own server has kept the request to itself
	complete bool
	records  []ops.Record
}

func (a *answer) add(m *natsgo.Msg) error {
	if m.Subject == a.inbox+".trace" {
		return a.trace(m.Data)
	}
	switch status := m.Header.Get("Status"); status {
	case "":
		offset, err := strconv.ParseInt(m.Header.Get("Nats-Sequence"), 10, 64)
		if err != nil {
			return fmt.Errorf("the sequence of a record: %w", err)
		}
		a.records = append(a.records, ops.Record{Offset: offset, Value: stored.Value(string(m.Data))})
	case "204", "404": // the end of the batch; no record from there on
		a.complete = true
	default:
		return fmt.Errorf("direct get: %s %s", status, m.Header.Get("Description"))
	}
	return nil
}

// These are in the trace of a message: what a server did with it, and what a connection is to a server.
const (
	received     = "in"
	passedOn     = "eg"
	byClient     = 0
	toOtherRoute = 1
)

// trace takes the trace of one server, which is the client's own if it had the request from a client.
func (a *answer) trace(b []byte) error {
	var t struct {
		Events []struct {
			Type string `json:"type"`
			Kind int    `json:"kind"`
		} `json:"events"`
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return fmt.Errorf("the trace of a request: %w", err)
	}
	own := false
	for _, e := range t.Events {
		switch {
		case e.Type == received && e.Kind == byClient:
			own = true
		case e.Type == passedOn && e.Kind == toOtherRoute:
			return errElsewhere
		}
	}
	a.traced = a.traced || own
	return nil
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

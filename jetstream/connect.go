// Package jetstream is the work queue of campaigns on several machines, on NATS JetStream.
//
// Trials are a stream with the retention of a work queue. Those that the same workers may run are a lane, which has a consumer that all
// of them share: a trial goes to one of them, and to another if nothing is heard of it for a lease. Answers are another such stream, with a
// consumer for each campaign. An id of each message, made of campaign and input, keeps what is published twice from being there twice.
// Programs and runs that are too large for a message are objects in a store.
//
// The queue is what package queue says: at least once. What a server loses is published again by whoever waits for it.
package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/campaign/remote/queue"
)

const (
	trials  = "FAULTLINE_TRIALS"
	answers = "FAULTLINE_ANSWERS"
	objects = "FAULTLINE"

	// kept is how long the server keeps what nobody takes: of campaigns that are never resumed.
	kept = 7 * 24 * time.Hour
	// remembered is how long the server knows ids of messages. It bounds what a server of many trials a second has in memory; later
	// the coordinator and the workers see to it that nothing counts twice.
	remembered = 30 * time.Second
	// answered is how long the server may take for a request.
	answered = 10 * time.Second
)

// Queue is a connection to a server with JetStream.
type Queue struct {
	conn     *nats.Conn
	js       jetstream.JetStream
	trials   jetstream.Stream
	answers  jetstream.Stream
	store    jetstream.ObjectStore
	embedded *embedded // nil if the server is another program
	lease    time.Duration
	lost     chan struct{} // closed when the server will not have us any more
	closing  atomic.Bool

	mu       sync.Mutex
	lanes    map[string]jetstream.Consumer
	busiest  string                        // the lane that had tasks last
	answerer map[string]chan jetstream.Msg // by campaign
	meeting  *meeting
}

var _ queue.Queue = (*Queue)(nil)

// Open connects to a server, or starts one inside, and makes there what is not there yet.
func Open(ctx context.Context, at queue.Server) (*Queue, error) {
	q := &Queue{lease: cmp.Or(at.Lease, queue.Lease), lost: make(chan struct{}), lanes: map[string]jetstream.Consumer{}, answerer: map[string]chan jetstream.Msg{}}
	if err := q.connect(at); err != nil {
		return nil, err
	}
	if err := q.prepare(ctx, max(1, at.Replicas)); err != nil {
		return nil, errors.Join(err, q.Close())
	}
	return q, nil
}

func (q *Queue) connect(at queue.Server) error {
	options := []nats.Option{nats.Name("faultline"), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond), nats.Timeout(5 * time.Second),
		nats.ClosedHandler(func(*nats.Conn) {
			if !q.closing.Load() {
				close(q.lost)
			}
		})}
	security, err := secured(at)
	if err != nil {
		return err
	}
	options = append(options, security...)
	url := at.URL
	if isEmbedded(url) {
		if q.embedded, err = embed(at); err != nil {
			return err
		}
		url, options = "", append(options, nats.InProcessServer(q.embedded.server))
	}
	if q.conn, err = nats.Connect(url, options...); err != nil {
		return errors.Join(explained(at.URL, err), q.embedded.stop())
	}
	q.js, err = jetstream.New(q.conn, jetstream.WithDefaultTimeout(answered), jetstream.WithPublishAsyncTimeout(answered))
	return err
}

// prepare makes streams and the store of objects, unless they are there.
func (q *Queue) prepare(ctx context.Context, replicas int) error {
	var err error
	if q.trials, err = q.stream(ctx, trials, "faultline.trial.>", replicas); err != nil {
		return err
	}
	if q.answers, err = q.stream(ctx, answers, "faultline.answer.>", replicas); err != nil {
		return err
	}
	q.store, err = q.js.ObjectStore(ctx, objects)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		q.store, err = q.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: objects, TTL: kept, Replicas: replicas,
			Description: "programs and runs of campaigns of Faultline"})
	}
	if err != nil {
		return fmt.Errorf("open the store of objects: %w", explainedJetStream(err))
	}
	return nil
}

func (q *Queue) stream(ctx context.Context, name, subjects string, replicas int) (jetstream.Stream, error) {
	s, err := q.js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = q.js.CreateStream(ctx, jetstream.StreamConfig{Name: name, Subjects: []string{subjects}, Retention: jetstream.WorkQueuePolicy,
			MaxAge: kept, Duplicates: remembered, Replicas: replicas, AllowDirect: true})
	}
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another has made it meanwhile
		s, err = q.js.Stream(ctx, name)
	}
	if err != nil {
		return nil, fmt.Errorf("open the stream %s: %w", name, explainedJetStream(err))
	}
	return s, nil
}

// Where implements queue.Queue.
func (q *Queue) Where() string {
	if q.embedded != nil {
		return q.embedded.server.ClientURL()
	}
	return q.conn.ConnectedUrlRedacted()
}

// Lost is closed when the connection is lost for good, as the server no longer accepts who we are. A server that is away for a while comes
// back.
func (q *Queue) Lost() <-chan struct{} { return q.lost }

// Why is why it was lost.
func (q *Queue) Why() error { return q.conn.LastError() }

// Close implements queue.Queue.
func (q *Queue) Close() error {
	q.closing.Store(true)
	if q.conn != nil {
		_ = q.conn.FlushTimeout(time.Second) // what was settled or finished; it comes again if that fails
		q.conn.Close()
	}
	return q.embedded.stop()
}

package etcd

import (
	"context"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// watch is an open watch. When its stream breaks the library opens another and goes on after what it has passed on. It ends
// when the server cancels it.
type watch struct {
	prefix  string
	next    int64 // the revision after all that was received
	events  clientv3.WatchChan
	cancel  context.CancelFunc
	attempt *attempt
}

const (
	// manyEvents is how many events one answer may hold before it takes no more of what has arrived.
	manyEvents = 1000
	// reopenAfter is how long to wait before a watch that ended is opened again.
	reopenAfter = 100 * time.Millisecond
)

// watch returns the events that have arrived since the last time, and waits for some if there are none.
func (c *client) watch(ctx context.Context, o cluster.Op) cluster.Outcome {
	from, _ := o.Value.Int()
	if c.watching != nil && (c.watching.prefix != o.Key || c.watching.next != from) {
		c.unwatch()
	}
	for {
		if c.watching == nil {
			c.watching = c.open(ctx, o.Key, from)
			if ctx.Err() != nil {
				c.unwatch()
				return failed("no watch could be opened")
			}
		}
		select {
		case first, ok := <-c.watching.events:
			if out, done := c.arrived(first, ok); done {
				return out
			}
		case <-ctx.Done():
			return c.nothing()
		}
		c.unwatch()
		pause(ctx, reopenAfter)
	}
}

// open opens a watch, and waits until the server has confirmed it. If the context ends before, or the server refuses, its
// channel is closed or says why. Afterwards the watch depends no more on the context.
//
// With a leader required the server ends the watch when it has none. Otherwise a member that is cut off would keep silent.
func (c *client) open(ctx context.Context, prefix string, from int64) *watch {
	w := &watch{prefix: prefix, next: from, attempt: &attempt{}}
	background, cancel := context.WithCancel(clientv3.WithRequireLeader(observed(context.Background(), w.attempt)))
	w.cancel = cancel
	given := context.AfterFunc(ctx, cancel)
	w.events = c.etcd.Watch(background, prefix, clientv3.WithPrefix(), clientv3.WithRev(from), clientv3.WithProgressNotify())
	given()
	return w
}

// arrived is the answer that begins with what came from the watch; false if that was its end.
func (c *client) arrived(first clientv3.WatchResponse, ok bool) (out cluster.Outcome, done bool) {
	if first.CompactRevision > 0 {
		c.unwatch()
		return cluster.Outcome{Type: history.Fail, Error: ops.Compacted, Value: history.IntValue(first.CompactRevision)}, true
	}
	if !ok || first.Canceled {
		return out, false
	}
	w := c.watching
	all := eventsOf(first)
	for more := true; more && len(all) < manyEvents; {
		select {
		case next, ok := <-w.events:
			if more = ok && !next.Canceled; !more {
				c.unwatch() // the next watch says why, if it has a reason
				break
			}
			all = append(all, eventsOf(next)...)
		default:
			more = false
		}
	}
	if len(all) > 0 {
		w.next = all[len(all)-1].Revision + 1
	}
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeEvents(all), Node: c.dialer.Host(w.attempt.peer())}, true
}

// nothing is the answer when the time is up.
func (c *client) nothing() cluster.Outcome {
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeEvents(nil), Node: c.dialer.Host(c.watching.attempt.peer())}
}

// unwatch gives the watch up, if there is one.
func (c *client) unwatch() {
	if c.watching != nil {
		c.watching.cancel()
		c.watching = nil
	}
}

// eventsOf are the events that came in one piece.
func eventsOf(r clientv3.WatchResponse) []ops.Event {
	if r.IsProgressNotify() {
		return []ops.Event{{Revision: r.Header.Revision}}
	}
	var all []ops.Event
	for _, e := range r.Events {
		told := ops.Event{Revision: e.Kv.ModRevision, Key: string(e.Kv.Key), Value: history.NilValue()}
		if e.Type == mvccpb.PUT {
			told.Value = stored.Value(string(e.Kv.Value))
		}
		all = append(all, told)
	}
	return all
}

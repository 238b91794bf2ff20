// Package failover has a client stay with a node, or move on to another when that does not serve.
package failover

import (
	"context"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// Backoff is how long to wait when all nodes were asked, so that an election has time.
const Backoff = 100 * time.Millisecond

// Ring is the nodes that a client asks, the preferred one first. With one node, it asks no other.
type Ring struct {
	Endpoints []string

	now int // whom it asks
}

// Do asks nodes one after the other. What ask returns in addition to the outcome is whether the operation certainly had no
// effect and another node may serve it. An operation that may have had an effect is sent to nobody else, but the next one is.
func (r *Ring) Do(ctx context.Context, ask func(endpoint string) (out cluster.Outcome, again bool)) cluster.Outcome {
	for asked := 1; ; asked++ {
		out, again := ask(r.Endpoints[r.now])
		if out.Type == history.OK || out.Error == history.PreconditionFailed {
			return out
		}
		r.now = (r.now + 1) % len(r.Endpoints)
		if !again || len(r.Endpoints) == 1 {
			return out
		}
		if asked%len(r.Endpoints) == 0 {
			pause(ctx)
		}
		if ctx.Err() != nil {
			return out
		}
	}
}

func pause(ctx context.Context) {
	select {
	case <-time.After(Backoff):
	case <-ctx.Done():
	}
}

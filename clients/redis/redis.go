// Package redis is a client of whatever speaks the protocol of Redis, by go-redis.
//
// Reads, writes and deletes are GET, SET and DEL. How a cas is put is an option, as few servers have all that Redis has: a
// script, a transaction on a watched key, or a command of the server's own. Sets, queues and counters are Redis's own types; a lock is a
// key that expires, which needs a script or a transaction to be released.
package redis

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"faultline/clients/internal/dial"
	"faultline/clients/internal/failover"
	"faultline/clients/internal/options"
	"faultline/cluster"
	"faultline/cluster/foreign"
)

func init() {
	logging.Disable() // what goes wrong is in the history
	foreign.RegisterClient("redis", Open)
}

// client has a connection to each node that it has asked.
type client struct {
	id      int
	timeout time.Duration
	dialer  *dial.Dialer
	ring    failover.Ring
	cas     func(context.Context, *goredis.Client, cluster.Op) (cluster.Outcome, error)
	unlock  func(ctx context.Context, r *goredis.Client, key, owner string) (cluster.Outcome, error)
	lockTTL time.Duration
	refused []string // how further errors begin that mean that nothing was done

	conns map[string]*goredis.Client // by endpoint
}

// Open returns a client. It connects in its first operation, so that all that the library starts runs on the client's host.
func Open(t foreign.Target) (cluster.Client, error) {
	o := options.Read(t.Options)
	c := &client{
		id:      t.ID,
		timeout: t.Timeout,
		dialer:  &dial.Dialer{Patience: t.Timeout / 2},
		ring:    failover.Ring{Endpoints: t.Endpoints[:1]},
		lockTTL: o.Duration("lock_ttl", time.Minute),
		conns:   map[string]*goredis.Client{},
	}
	if o.OneOf("affinity", "stay", "prefer") == "prefer" {
		c.ring.Endpoints = t.Endpoints
	}
	switch o.OneOf("cas", "script", "watch", "command") {
	case "script":
		c.cas, c.unlock = byScript, unlockByScript
	case "watch":
		c.cas, c.unlock = byWatch, unlockByWatch
	default:
		c.cas, c.unlock = byCommand, unlockByScript
	}
	for prefix := range strings.SplitSeq(o.String("fail", ""), ",") {
		if prefix = strings.TrimSpace(prefix); prefix != "" {
			c.refused = append(c.refused, prefix)
		}
	}
	return c, o.Err()
}

// connect returns what speaks to an endpoint. One connection is enough, and no command is sent on it twice. The library greets a
// server by HELLO, and takes an error for an answer, so that simple servers do.
func (c *client) connect(endpoint string) *goredis.Client {
	if c.conns[endpoint] == nil {
		c.conns[endpoint] = goredis.NewClient(&goredis.Options{
			Addr:                     endpoint,
			Dialer:                   c.dialer.DialContext,
			DialTimeout:              c.timeout / 2,
			DialerRetries:            1,
			Protocol:                 2,
			DisableIdentity:          true,
			MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
			MaxRetries:               -1,
			PoolSize:                 1,
			ContextTimeoutEnabled:    true,
		})
	}
	return c.conns[endpoint]
}

// Do runs one operation.
func (c *client) Do(o cluster.Op) cluster.Outcome {
	c.dialer.SetPace(o.Pace)
	ctx, cancel := context.WithTimeout(context.Background(), c.dialer.Timeout(c.timeout))
	defer cancel()
	return c.ring.Do(ctx, func(endpoint string) (out cluster.Outcome, again bool) {
		before := c.dialer.Writes()
		out, err := c.run(ctx, c.connect(endpoint), o)
		if err != nil {
			out, again = c.unanswered(o, err, c.dialer.Writes() > before)
		}
		out.Node, _, _ = net.SplitHostPort(endpoint)
		return out, again
	})
}

func (c *client) run(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	operation, ok := operations[o.Name()]
	if !ok {
		return failed(fmt.Sprintf("the store has no operation %q", o.Name())), nil
	}
	return operation(c, ctx, r, o)
}

// Close closes the connections.
func (c *client) Close() {
	for _, r := range c.conns {
		_ = r.Close()
	}
}

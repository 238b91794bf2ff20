// Package redis is a client of whatever speaks the protocol of Redis, by go-redis.
//
// Reads, writes and deletes are GET, SET and DEL. How a cas is put is an option, as few servers have all that Redis has: a
// script, a transaction on a watched key, or a command of the server's own.
package redis

import (
	"context"
	"errors"
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
	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

func init() {
	logging.Disable() // what goes wrong is in the history
	foreign.RegisterClient("redis", Open)
}

// client has a connection to each node that it has asked.
type client struct {
	timeout time.Duration
	dialer  *dial.Dialer
	ring    failover.Ring
	cas     func(context.Context, *goredis.Client, cluster.Op) (cluster.Outcome, error)
	refused []string // how further errors begin that mean that nothing was done

	conns map[string]*goredis.Client // by endpoint
}

// Open returns a client. It connects in its first operation, so that all that the library starts runs on the client's host.
func Open(t foreign.Target) (cluster.Client, error) {
	o := options.Read(t.Options)
	c := &client{
		timeout: t.Timeout,
		dialer:  &dial.Dialer{Patience: t.Timeout / 2},
		ring:    failover.Ring{Endpoints: t.Endpoints[:1]},
		conns:   map[string]*goredis.Client{},
	}
	if o.OneOf("affinity", "stay", "prefer") == "prefer" {
		c.ring.Endpoints = t.Endpoints
	}
	switch o.OneOf("cas", "script", "watch", "command") {
	case "script":
		c.cas = byScript
	case "watch":
		c.cas = byWatch
	default:
		c.cas = byCommand
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
	switch o.F {
	case "read":
		found, err := get(ctx, r, o.Key)
		return cluster.Outcome{Type: history.OK, Value: found}, err
	case "write":
		return cluster.Outcome{Type: history.OK}, r.Set(ctx, o.Key, stored.Text(o.Value, o.Padding), 0).Err()
	case "delete":
		return cluster.Outcome{Type: history.OK}, r.Del(ctx, o.Key).Err()
	case "cas":
		return c.cas(ctx, r, o)
	default:
		return failed(fmt.Sprintf("the store has no operation %q", o.F)), nil
	}
}

// get returns what a key has.
func get(ctx context.Context, r goredis.Cmdable, key string) (history.Value, error) {
	text, err := r.Get(ctx, key).Result()
	switch {
	case errors.Is(err, goredis.Nil):
		return history.NilValue(), nil
	case err != nil:
		return history.Value{}, err
	default:
		return stored.Value(text), nil
	}
}

// Close closes the connections.
func (c *client) Close() {
	for _, r := range c.conns {
		_ = r.Close()
	}
}

// Package etcd is a client of etcd, by its own library.
//
// Reads, writes, deletes and cas are a Get, a Put, a Delete and a transaction that compares the value. Package ops says what
// the other operations are. Sets and queues are keys under a prefix; counters and banks are read, and changed by a transaction that
// compares revisions; a lock is that of etcd's package concurrency, with the lease of a session.
//
// The log index of an answer is the revision in its header: that of the change, or of the state that was read or compared. A
// member takes both from one transaction on its store, so that by revision, changes first, operations stand in the order in
// which a correct etcd has carried them out.
package etcd

import (
	"context"
	"fmt"
	"net"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"faultline/clients/internal/dial"
	"faultline/clients/internal/options"
	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

func init() { foreign.RegisterClient("etcd", Open) }

// client speaks to one member, or to all of them by turns.
type client struct {
	config       clientv3.Config
	node         string
	own          string // the endpoint of that node
	timeout      time.Duration
	serializable bool
	dialer       *dial.Dialer
	observer     observer

	etcd     *clientv3.Client // nil before the first operation
	watching *watch           // nil if no watch is open
	locking  *locking
}

// Open returns a client. It connects in its first operation, so that all that the library starts runs on the client's host.
func Open(t foreign.Target) (cluster.Client, error) {
	o := options.Read(t.Options)
	c := &client{node: t.Node, own: t.Endpoints[0], timeout: t.Timeout, dialer: &dial.Dialer{Patience: t.Timeout}}
	c.serializable = o.Bool("serializable", false)
	c.locking = &locking{ttl: o.Duration("lock_ttl", 2*time.Second), held: map[string]*concurrency.Mutex{}}
	endpoints := t.Endpoints[:1]
	if o.OneOf("affinity", "stay", "roam") == "roam" {
		endpoints = t.Endpoints
	}
	c.config = clientv3.Config{
		Endpoints:            endpoints,
		DialKeepAliveTime:    o.Duration("keepalive", 10*time.Second), // gRPC takes fewer than 10 s for 10 s
		DialKeepAliveTimeout: o.Duration("keepalive_timeout", 3*time.Second),
		MaxUnaryRetries:      1, // the library would send a change again that was answered by a time-out
		Logger:               zap.NewNop(),
		DialOptions: []grpc.DialOption{
			grpc.WithStatsHandler(&c.observer),
			grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
				return c.dialer.DialContext(ctx, "tcp", addr)
			}),
			grpc.WithConnectParams(reconnect(t.Timeout)),
			// A window that is given is not estimated. The estimate costs pings, for which a node gets one turn in twelve.
			grpc.WithInitialWindowSize(window),
			grpc.WithInitialConnWindowSize(window),
		},
	}
	return c, o.Err()
}

// window is how many bytes the server may send before the client has read them, on a stream and on a connection.
const window = 1 << 20

// reconnect is how long the library waits before it tries to connect again. Its own default grows up to two minutes, so
// that a client would miss most of what a node does after it was down.
func reconnect(timeout time.Duration) grpc.ConnectParams {
	return grpc.ConnectParams{
		Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
		MinConnectTimeout: timeout,
	}
}

// Do runs one operation.
func (c *client) Do(o cluster.Op) cluster.Outcome {
	if c.etcd == nil {
		opened, err := clientv3.New(c.config)
		if err != nil {
			return cluster.Outcome{Type: history.Fail, Node: c.node, Error: err.Error()}
		}
		c.etcd = opened
	}
	c.dialer.SetPace(o.Pace)
	ctx, cancel := context.WithTimeout(context.Background(), c.dialer.Timeout(c.timeout))
	defer cancel()
	attempt := &attempt{}
	out := c.run(observed(ctx, attempt), o, attempt)
	// A member that has started again may have applied less than it had: what a client has read from it is no promise any more.
	out.Over = c.serializable && c.observer.ended.Load()
	for _, node := range []string{c.dialer.Host(attempt.peer()), c.node} {
		if out.Node == "" {
			out.Node = node
		}
	}
	return out
}

// run carries out an operation by its name.
func (c *client) run(ctx context.Context, o cluster.Op, a *attempt) cluster.Outcome {
	operation, ok := operations[o.Name()]
	if !ok {
		return failed(fmt.Sprintf("the store has no operation %q", o.Name()))
	}
	return operation(c, ctx, o, a)
}

// Close closes the connections.
func (c *client) Close() {
	if c.etcd != nil {
		_ = c.etcd.Close()
	}
}

// Package nats is two clients of NATS JetStream, by its own library: of a bucket of keys and values, and of a stream.
package nats

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/clients/internal/dial"
	"faultline/clients/internal/options"
	"faultline/cluster"
	"faultline/cluster/foreign"
)

func init() {
	foreign.RegisterClient("nats-kv", OpenKV)
	foreign.RegisterClient("nats-stream", OpenStream)
}

// connection is a connection to a server, which the library makes anew when it breaks.
type connection struct {
	node    string
	servers string
	timeout time.Duration
	ping    time.Duration
	dialer  *dial.Dialer

	conn *natsgo.Conn        // nil before the first operation
	js   jetstream.JetStream // as conn
}

// newConnection returns a connection that is not made yet, with the options that all clients of NATS have.
func newConnection(t foreign.Target, o *options.Reader) *connection {
	servers := t.Endpoints[:1]
	if o.OneOf("affinity", "stay", "prefer") == "prefer" {
		servers = t.Endpoints
	}
	return &connection{
		node:    t.Node,
		servers: "nats://" + strings.Join(servers, ",nats://"),
		timeout: t.Timeout,
		ping:    o.Duration("ping_interval", 2*time.Second),
		dialer:  &dial.Dialer{Patience: t.Timeout},
	}
}

// mostReplicas is how many servers can have a copy of a stream.
const mostReplicas = 5

// replicas is how many servers have a copy of what is stored: all, as far as they can, unless an option says otherwise.
func replicas(t foreign.Target, o *options.Reader) int {
	return o.Int("replicas", min(mostReplicas, len(t.Nodes)))
}

// begin prepares an operation: its context, and a connection. If there is none in time, nothing was sent.
func (c *connection) begin(o cluster.Op) (context.Context, context.CancelFunc, error) {
	c.dialer.SetPace(o.Pace)
	ctx, cancel := context.WithTimeout(context.Background(), c.dialer.Timeout(c.timeout))
	if c.conn == nil {
		if err := c.connect(); err != nil {
			return ctx, cancel, err
		}
	}
	return ctx, cancel, c.wait(ctx)
}

// connect starts to connect. The library goes on trying in the background.
func (c *connection) connect() (err error) {
	c.conn, err = natsgo.Connect(c.servers,
		natsgo.SetCustomDialer(dialer{c.dialer}),
		natsgo.Timeout(c.timeout),
		natsgo.RetryOnFailedConnect(true),
		natsgo.MaxReconnects(-1),
		natsgo.ReconnectWait(200*time.Millisecond),
		natsgo.ReconnectJitter(0, 0),
		// Servers tell of others, and the library would move on to them.
		natsgo.DontRandomize(),
		natsgo.IgnoreDiscoveredServers(),
		// Without a connection the library would keep what is published, and send it when nobody waits for it any more.
		natsgo.ReconnectBufSize(-1),
		natsgo.PingInterval(c.ping),
		natsgo.MaxPingsOutstanding(2),
	)
	if err != nil {
		return err
	}
	c.js, err = jetstream.New(c.conn)
	return err
}

// errNotConnected means that nothing of an operation was sent.
var errNotConnected = errors.New("not connected")

// wait waits until there is a connection.
func (c *connection) wait(ctx context.Context) error {
	if c.conn.IsConnected() {
		return nil
	}
	changed := c.conn.StatusChanged(natsgo.CONNECTED)
	defer c.conn.RemoveStatusListener(changed)
	if c.conn.IsConnected() { // since it was looked at
		return nil
	}
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return errNotConnected
	}
}

// told is an outcome with the node that the client speaks to.
func (c *connection) told(out cluster.Outcome) cluster.Outcome {
	out.Node = c.node
	if c.conn != nil {
		if u, err := url.Parse(c.conn.ConnectedUrl()); err == nil && u.Hostname() != "" {
			out.Node = u.Hostname()
		}
	}
	return out
}

// Close closes the connection.
func (c *connection) Close() {
	if c.conn != nil {
		c.conn.Close()
	}
}

// dialer is a dial.Dialer as the library has it.
type dialer struct{ *dial.Dialer }

func (d dialer) Dial(network, addr string) (net.Conn, error) {
	c, err := d.DialContext(context.Background(), network, addr)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", addr, err)
	}
	return c, nil
}

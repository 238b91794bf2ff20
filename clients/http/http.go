// Package http is a client of a store behind HTTP. The options of its description say how each operation is put and how the
// answer is read, so that most stores need no client of their own:
//
//	[client.options]
//	read   = "GET /kv/{{.Key}}"
//	write  = "PUT /kv/{{.Key}} {{.Value}}"
//	cas    = "POST /cas/{{.Key}} old={{.Old}}&new={{.New}}"
//	delete = "DELETE /kv/{{.Key}}"
//	mismatch = "409"
//
// An operation that has no option of its name is not understood. See options.go for the others.
package http

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"faultline/clients/internal/dial"
	"faultline/clients/internal/failover"
	"faultline/clients/internal/options"
	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

func init() { foreign.RegisterClient("http", Open) }

// client asks one node, or another when that does not serve.
type client struct {
	form
	timeout time.Duration
	dialer  *dial.Dialer
	ring    failover.Ring
	http    *http.Client
}

// Open returns a client. It connects in its first operation, so that all that the library starts runs on the client's host.
func Open(t foreign.Target) (cluster.Client, error) {
	o := options.Read(t.Options)
	c := &client{
		timeout: t.Timeout,
		dialer:  &dial.Dialer{Patience: t.Timeout / 2},
		ring:    failover.Ring{Endpoints: t.Endpoints[:1]},
	}
	if o.OneOf("affinity", "stay", "prefer") == "prefer" {
		c.ring.Endpoints = t.Endpoints
	}
	c.http = &http.Client{
		Transport:     &http.Transport{DialContext: c.dialer.DialContext, DisableCompression: true},
		CheckRedirect: sameMethod,
	}
	var err error
	if c.form, err = readForm(o); err != nil {
		return nil, err
	}
	return c, o.Err()
}

// sameMethod follows a redirection, such as to a leader, if it repeats the request. Of those that turn a PUT into a GET, the answer
// would say nothing about the PUT.
func sameMethod(to *http.Request, via []*http.Request) error {
	if to.Method != via[0].Method || len(via) > 10 {
		return http.ErrUseLastResponse
	}
	return nil
}

// Do runs one operation.
func (c *client) Do(o cluster.Op) cluster.Outcome {
	c.dialer.SetPace(o.Pace)
	ctx, cancel := context.WithTimeout(context.Background(), c.dialer.Timeout(c.timeout))
	defer cancel()
	return c.ring.Do(ctx, func(endpoint string) (out cluster.Outcome, again bool) {
		out, again = c.ask(ctx, endpoint, o)
		if out.Node == "" {
			out.Node, _, _ = net.SplitHostPort(endpoint)
		}
		return out, again
	})
}

// ask asks one node, and reports whether another may serve what it did not.
func (c *client) ask(ctx context.Context, endpoint string, o cluster.Op) (out cluster.Outcome, again bool) {
	r, err := c.request(ctx, endpoint, o)
	if err != nil {
		return failed(err.Error()), false
	}
	before := c.dialer.Writes()
	answer, err := c.exchange(r)
	switch {
	case err != nil && c.dialer.Writes() == before:
		return failed("not sent: " + reason(err)), true
	case err != nil:
		return unknown(o, reason(err)), false
	default:
		out, again = c.outcome(o, answer.status, answer.body)
		out.Node = answer.from
		return out, again
	}
}

// answer is what came back, and the host that it came from: another than was asked if that has redirected the client.
type answer struct {
	status     int
	body, from string
}

// exchange sends a request, and reads the answer to its end.
func (c *client) exchange(r *http.Request) (answer, error) {
	got, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, string(body), got.Request.URL.Hostname()}, err
}

// request is an operation as a request to a node.
func (c *client) request(ctx context.Context, endpoint string, o cluster.Op) (*http.Request, error) {
	t, ok := c.requests[o.F]
	if !ok {
		return nil, fmt.Errorf("the store has no operation %q", o.F)
	}
	path, body, err := t.render(o)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, t.method, "http://"+endpoint+path, strings.NewReader(body))
	if err == nil && c.contentType != "" {
		r.Header.Set("Content-Type", c.contentType)
	}
	return r, err
}

// Close closes the connections.
func (c *client) Close() { c.http.CloseIdleConnections() }

// unknown is the outcome of an operation that nobody has answered. A read has changed nothing.
func unknown(o cluster.Op, why string) cluster.Outcome {
	if o.F == "read" {
		return failed(why)
	}
	return cluster.Outcome{Type: history.Info, Error: why}
}

func failed(why string) cluster.Outcome { return cluster.Outcome{Type: history.Fail, Error: why} }

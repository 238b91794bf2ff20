package rpc

import (
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/history"
)

// Client is a client library as a careful one would be: it follows hints of who leads, tries other nodes when one refuses or
// is silent, and says fail only if no attempt can ever take effect.
type Client struct {
	caller   *Caller
	nodes    []string
	timeouts Timeouts
	own      int // the node that it prefers
	next     int // the node that served it last, or that it tries next
}

// NewClient returns a client that prefers one of the nodes, which all serve on one port.
func NewClient(host *network.Host, port string, nodes []string, own string, t Timeouts) *Client {
	c := &Client{caller: NewCaller(host, port), nodes: nodes, timeouts: t, own: max(0, slices.Index(nodes, own))}
	c.next = c.own
	return c
}

// Operation is what a client has done.
type Operation struct {
	Request Request
	// Resend has the client ask again after an attempt of which it knows nothing. The nodes carry out once what reaches them
	// twice, or it only reads. Without it the outcome is Info then.
	Resend bool
	Pace   time.Duration // see cluster.Op
	// Answered makes the outcome of the response to what was done.
	Answered func(Response) cluster.Outcome
}

// Do has an operation done by the node that served last, or that is said to lead.
func (c *Client) Do(o Operation) cluster.Outcome { return c.do(&c.next, o) }

// Near has an operation done by the client's own node, or the next in order that does it.
func (c *Client) Near(o Operation) cluster.Outcome {
	target := c.own
	return c.do(&target, o)
}

func (c *Client) do(target *int, o Operation) cluster.Outcome {
	patient := Attempts{c.nodes, c.timeouts.At(o.Pace, envelopes+len(o.Request.Body)/Piece)}
	return patient.Do(target, time.Now().Add(patient.Operation), func(node int, timeout time.Duration) Reply {
		response, err := c.caller.call(c.nodes[node], o.Request, timeout, o.Pace)
		if err == nil && response.Status == Done {
			return Reply{Outcome: o.Answered(response), Final: true}
		}
		reply := refused(response)
		if err != nil {
			reply = Lost(err)
		}
		reply.Final = reply.Outcome.Type == history.Info && !o.Resend
		return reply
	})
}

// envelopes is how many pauses a request without its body, and an answer with one, take: some ten and twenty.
const envelopes = 48

// refused is what came of an attempt that a node did not carry out, or does not know of.
func refused(r Response) Reply {
	out := cluster.Outcome{Type: history.Info, Error: r.Error}
	if r.Status == Refused {
		out.Type = history.Fail
	}
	return Reply{Outcome: out, Leader: r.Leader}
}

// Close closes the client's connections.
func (c *Client) Close() { c.caller.Close() }

package rpc

import (
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/history"
)

// Client is a client library as a careful one would be: it follows hints of who leads, tries other nodes when one refuses or
// is silent, and says fail only if no attempt can ever take effect. What is sent twice may take effect twice, unless the
// request's body lets the nodes see that it is the same.
type Client struct {
	*Caller
	attempts Attempts
	own      int // the node that it prefers
	next     int // the node that served it last, or that it tries next
}

// NewClient returns a client that prefers one of the nodes.
func NewClient(host *network.Host, port string, nodes []string, own string, t Timeouts) *Client {
	c := &Client{Caller: NewCaller(host, port), attempts: Attempts{nodes, t}, own: max(0, slices.Index(nodes, own))}
	c.next = c.own
	return c
}

// Do has a request answered by whoever leads, or served it last. Answered makes the outcome of what was done.
func (c *Client) Do(r Request, pace time.Duration, answered func(Response) cluster.Outcome) cluster.Outcome {
	return c.do(&c.next, r, pace, answered)
}

// Near is Do by the client's own node, or the next in order where that does not answer.
func (c *Client) Near(r Request, pace time.Duration, answered func(Response) cluster.Outcome) cluster.Outcome {
	target := c.own
	return c.do(&target, r, pace, answered)
}

func (c *Client) do(target *int, r Request, pace time.Duration, answered func(Response) cluster.Outcome) cluster.Outcome {
	patient := Attempts{c.attempts.Nodes, c.attempts.At(pace)}
	return patient.Do(target, time.Now().Add(patient.Operation), func(node int, timeout time.Duration) Reply {
		response, err := c.call(patient.Nodes[node], r, timeout, pace)
		switch {
		case err != nil:
			return Lost(err)
		case response.Status == Done:
			return Reply{Outcome: answered(response), Answered: true}
		default:
			return refused(response)
		}
	})
}

// refused is what came of an attempt that a node did not carry out, or does not know of.
func refused(r Response) Reply {
	out := cluster.Outcome{Type: history.Info, Error: r.Error}
	if r.Status == Refused {
		out.Type = history.Fail
	}
	return Reply{Outcome: out, Leader: r.Leader}
}

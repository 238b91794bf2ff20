package rpc

import (
	"slices"
	"sync/atomic"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/history"
)

// Client is a careful client library. It follows hints of who leads, tries other nodes when one refuses or is silent, and says
// fail only if no attempt can ever take effect.
type Client struct {
	caller   *Caller
	nodes    []string
	timeouts Timeouts
	own      int          // the node that it prefers
	next     int          // the node that served it last, or that it tries next
	astray   atomic.Int64 // the node to try next as a Cast has gone astray, plus 1; 0 if none has
}

// NewClient returns a client of nodes that serve on a port. It prefers its own node, one of them.
func NewClient(host *network.Host, port string, nodes []string, own string, t Timeouts) *Client {
	c := &Client{caller: NewCaller(host, port), nodes: nodes, timeouts: t, own: max(0, slices.Index(nodes, own))}
	c.next = c.own
	return c
}

// Operation is a request with what a client needs to know about it.
type Operation struct {
	Request Request
	// Resend allows a client to send the request again when it does not know whether an attempt took effect: it only reads, or
	// the nodes recognize a request that they have carried out. Without Resend the outcome is Info then.
	Resend bool
	Pace   time.Duration // see cluster.Op
	// Answered returns the outcome of an operation that was done.
	Answered func(Response) cluster.Outcome
}

// Do asks the node that served last, then whoever is said to lead, or the next in order.
func (c *Client) Do(o Operation) cluster.Outcome {
	c.turn()
	return c.do(&c.next, o)
}

// Near asks the client's own node, and goes on from there as Do does.
func (c *Client) Near(o Operation) cluster.Outcome {
	target := c.own
	return c.do(&target, o)
}

// Own asks the client's own node and no other.
func (c *Client) Own(o Operation) cluster.Outcome {
	target := 0
	return c.doAmong(c.nodes[c.own:c.own+1], &target, o)
}

// Cast sends a request to the node that served last, and waits for nothing. If it is refused, or has no response, whatever is asked next
// begins with another node.
func (c *Client) Cast(r Request) {
	c.turn()
	node := c.next
	go func() {
		response, err := c.caller.Call(c.nodes[node], r, c.timeouts.Attempt)
		if err != nil || response.Status != Done {
			c.astray.Store(int64(Attempts{Nodes: c.nodes}.redirect(node, response.Leader)) + 1)
		}
	}()
}

// turn turns to another node, if a Cast has gone astray.
func (c *Client) turn() {
	if next := c.astray.Swap(0); next > 0 {
		c.next = int(next) - 1
	}
}

func (c *Client) do(target *int, o Operation) cluster.Outcome { return c.doAmong(c.nodes, target, o) }

func (c *Client) doAmong(nodes []string, target *int, o Operation) cluster.Outcome {
	patient := Attempts{nodes, c.timeouts.At(o.Pace, envelopes+len(o.Request.Body)/Piece)}
	return patient.Do(target, time.Now().Add(patient.Operation), func(node int, timeout time.Duration) Reply {
		response, err := c.caller.call(nodes[node], o.Request, timeout, o.Pace)
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

// envelopes is enough pauses for a request without its body, which takes some ten, and a response, some twenty.
const envelopes = 48

// refused is the reply of a node that did not carry out a request, or does not know whether it did.
func refused(r Response) Reply {
	out := cluster.Outcome{Type: history.Info, Error: r.Error}
	if r.Status == Refused || r.Status == Rejected {
		out.Type = history.Fail
	}
	return Reply{Outcome: out, Vain: r.Status == Rejected, Leader: r.Leader}
}

// Close closes the client's connections.
func (c *Client) Close() { c.caller.Close() }

package rpc

import (
	"errors"
	"slices"
	"syscall"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// Timeouts are a client's, in the world's time.
type Timeouts struct {
	Operation time.Duration // until an operation is given up
	Attempt   time.Duration // until another node is tried
	Backoff   time.Duration // between attempts, so that an election has time
}

// DefaultTimeouts are those of clients in a network of one site.
func DefaultTimeouts() Timeouts {
	return Timeouts{Operation: time.Second, Attempt: 400 * time.Millisecond, Backoff: 20 * time.Millisecond}
}

// At returns the time-outs on a slow connection, where a request and its response take that many pauses.
func (t Timeouts) At(pace time.Duration, pauses int) Timeouts {
	t.Operation += time.Duration(pauses) * pace
	t.Attempt += time.Duration(pauses) * pace
	return t
}

// Reply is the result of one attempt.
type Reply struct {
	// Outcome is Fail if the attempt certainly has no effect, Info if nobody knows, or what the node answered.
	Outcome cluster.Outcome
	Final   bool   // this is the outcome of the operation; ask no other node
	Vain    bool   // ask no other node: none will do it. What became of earlier attempts is still in doubt, if it was
	Leader  string // whom to ask instead, if the node knows
}

// Attempts asks nodes one after the other, until one gives a final reply.
type Attempts struct {
	Nodes []string
	Timeouts
}

// Do asks the target first, an index in Nodes, and stops at the deadline. It sets the target to the node to begin with next
// time. Once an attempt may have taken effect, only a final reply makes the outcome definite.
func (a Attempts) Do(target *int, deadline time.Time, ask func(node int, timeout time.Duration) Reply) cluster.Outcome {
	out := cluster.Outcome{Type: history.Fail}
	for {
		node := *target
		r := ask(node, min(a.Attempt, time.Until(deadline)))
		if r.Outcome.Node = a.Nodes[node]; r.Final {
			return r.Outcome
		}
		if out.Type == history.Fail || r.Outcome.Type == history.Info { // a doubt is what is to be told
			out = r.Outcome
		}
		out.Node = a.Nodes[node]
		if r.Vain {
			return out
		}
		if *target = a.redirect(node, r.Leader); a.Nodes[*target] != r.Leader || *target == node {
			time.Sleep(min(a.Backoff, time.Until(deadline)))
		}
		if time.Until(deadline) <= 0 {
			return out
		}
	}
}

// redirect chooses the node to ask next: the leader if another node was named, else the next in order.
func (a Attempts) redirect(from int, leader string) int {
	if k := slices.Index(a.Nodes, leader); k >= 0 && k != from {
		return k
	}
	return (from + 1) % len(a.Nodes)
}

// Lost is the reply of an attempt that ended in an error.
func Lost(err error) Reply {
	out := cluster.Outcome{Type: history.Info, Error: errorName(err)}
	if errors.As(err, new(*NotSent)) {
		out.Type = history.Fail
	}
	return Reply{Outcome: out}
}

// errorName is a short name for what went wrong on the way.
func errorName(err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection-refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "connection-reset"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	default:
		return "connection-lost"
	}
}

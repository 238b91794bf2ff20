package raftkv

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/history"
)

// client is a client library as a careful one would be: it follows leader hints, tries other nodes
// when one refuses or is silent, sends a command again under the same serial so that it is applied
// once, and says fail only if no attempt can ever take effect.
type client struct {
	id       uint64
	host     *network.Host
	nodes    []string
	conns    []connection // by node
	first    int          // the node it prefers
	leader   int          // the node that served it last, or that it tries next
	serial   uint64
	seen     uint64 // the latest log index of an answer
	anywhere bool   // reads need no leader
	session  bool   // reads need a node that has applied what was seen
	affinity Affinity
	lost     bool // the connection to its own node broke
	blind    bool // each attempt is a command of its own, which the session table does not know for the same
	timeouts timeouts
}

// timeouts are a client's, in the world's time.
type timeouts struct {
	Operation time.Duration // until Do gives up
	Attempt   time.Duration // until another node is tried
	Backoff   time.Duration // between attempts, so that an election has time
}

// Do runs one operation. The value of a put is what to write, of a cas the pair of old and new.
func (c *client) Do(o cluster.Op) cluster.Outcome {
	cmd, err := c.command(o)
	if err != nil {
		return cluster.Outcome{Type: history.Fail, Error: err.Error()}
	}
	c.setPace(o.Pace)
	deadline := time.Now().Add(c.timeouts.Operation + patience*o.Pace)
	r := &request{Command: cmd}
	var out cluster.Outcome
	if cmd.Op == opGet && c.anywhere {
		out = c.near(r, deadline)
	} else {
		out = c.attempts(r, &c.leader, deadline)
	}
	out.Over = c.over()
	return out
}

func (c *client) command(o cluster.Op) (command, error) {
	c.serial++
	cmd := command{Client: c.id, Serial: c.serial, Key: o.Key}
	switch o.F {
	case "read":
		cmd.Op = opGet
	case "write":
		cmd.Op, cmd.New = opPut, padded(o.Value.String(), o.Padding)
	case "delete":
		cmd.Op = opDelete
	case "cas":
		vs, ok := o.Value.List()
		if !ok || len(vs) != 2 {
			return cmd, fmt.Errorf("a cas takes a pair of values, not %v", o.Value)
		}
		cmd.Op, cmd.Old, cmd.New = opCAS, vs[0].String(), padded(vs[1].String(), o.Padding)
	default:
		return cmd, fmt.Errorf("the store has no operation %q", o.F)
	}
	return cmd, nil
}

// attempts asks nodes, from the target on, until one answers or the time is up. Once an attempt may have
// taken effect, only an answer, which by the session table is the answer to the first that did, makes the
// outcome definite.
func (c *client) attempts(r *request, target *int, deadline time.Time) cluster.Outcome {
	out := cluster.Outcome{Type: history.Fail}
	for {
		node := *target
		answer, err := c.call(node, r, min(c.timeouts.Attempt+patience*c.conns[node].pace, time.Until(deadline)))
		out.Node = c.nodes[node]
		if err == nil && answer.Code == codeOK {
			return c.answered(r, out, answer.Result)
		}
		switch why, definite := reason(answer, err); {
		case !definite:
			out.Type, out.Error = history.Info, why
		case out.Type == history.Fail: // else the doubt is what is to be told
			out.Error = why
		}
		if *target = c.redirect(node, answer.Leader); c.nodes[*target] != answer.Leader {
			time.Sleep(min(c.timeouts.Backoff, time.Until(deadline)))
		}
		if time.Until(deadline) <= 0 {
			return out
		}
		if c.blind {
			c.serial++
			r.Command.Serial = c.serial
		}
	}
}

// call asks a node once.
func (c *client) call(node int, r *request, timeout time.Duration) (response, error) {
	answer, err := c.conns[node].call(c.host, c.nodes[node]+kvPort, r, timeout)
	if err != nil && node == c.first && !errors.As(err, new(*notSent)) {
		c.lost = true
	}
	return answer, err
}

// reason says why an attempt brought no result, and whether it certainly had no effect.
func reason(answer response, err error) (why string, definite bool) {
	if err != nil {
		return errorName(err), errors.As(err, new(*notSent))
	}
	return answer.Error, answer.Code.definite()
}

func (c *client) answered(r *request, out cluster.Outcome, found result) cluster.Outcome {
	out.Type, out.Error, out.LogIndex = history.OK, "", found.Index
	c.seen = max(c.seen, found.Index)
	switch {
	case !found.Matched:
		out.Type, out.Error = history.Fail, history.PreconditionFailed
		out.Value = found.value()
	case r.Command.Op == opGet:
		out.Value = found.value()
	}
	return out
}

// value is what the store holds, as a history has it.
func (r *result) value() history.Value {
	if !r.Present {
		return history.NilValue()
	}
	v, err := history.ParseValue([]byte(unpadded(r.Value)))
	if err != nil { // nothing that this client wrote: show it as it is
		return history.TextValue(r.Value)
	}
	return v
}

// redirect chooses the node to ask after one that did not serve: the leader if it named another one,
// else the next in order.
func (c *client) redirect(from int, leader string) int {
	if k := slices.Index(c.nodes, leader); k >= 0 && k != from {
		return k
	}
	return (from + 1) % len(c.nodes)
}

// Close closes the connections.
func (c *client) Close() {
	for i := range c.conns {
		c.conns[i].close()
	}
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

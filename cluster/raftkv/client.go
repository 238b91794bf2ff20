package raftkv

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/cluster/sim/rpc"
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
	timeouts rpc.Timeouts
}

// patience is for how many pauses a client with a pace waits: a request takes some four, and its answer three.
const patience = 16

// newClient returns a client that prefers one of the nodes.
func newClient(id uint64, host *network.Host, nodes []string, first string, level Level, c ClientConfig) *client {
	own := max(0, slices.Index(nodes, first))
	return &client{id: id, host: host, nodes: nodes, conns: make([]connection, len(nodes)), first: own, leader: own,
		anywhere: level.anywhere, session: level.session, affinity: c.Affinity, blind: c.BlindRetries,
		timeouts: rpc.Timeouts{Operation: c.OperationTimeout, Attempt: c.AttemptTimeout, Backoff: c.Backoff}}
}

// Do runs one operation. The value of a put is what to write, of a cas the pair of old and new.
func (c *client) Do(o cluster.Op) cluster.Outcome {
	cmd, err := c.command(o)
	if err != nil {
		return cluster.Outcome{Type: history.Fail, Error: err.Error()}
	}
	for i := range c.conns {
		c.conns[i].Pace = o.Pace
	}
	patient := rpc.Attempts{Nodes: c.nodes, Timeouts: c.timeouts.At(o.Pace, patience)}
	deadline := time.Now().Add(patient.Operation)
	r := &request{Command: cmd}
	var out cluster.Outcome
	if cmd.Op == opGet && c.anywhere {
		out = c.near(r, patient, deadline)
	} else {
		out = c.attempts(r, patient, &c.leader, deadline)
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
		cmd.Op, cmd.New = opPut, cluster.Pad(o.Value.String(), o.Padding)
	case "delete":
		cmd.Op = opDelete
	case "cas":
		vs, ok := o.Value.List()
		if !ok || len(vs) != 2 {
			return cmd, fmt.Errorf("a cas takes a pair of values, not %v", o.Value)
		}
		cmd.Op, cmd.Old, cmd.New = opCAS, vs[0].String(), cluster.Pad(vs[1].String(), o.Padding)
	default:
		return cmd, fmt.Errorf("the store has no operation %q", o.F)
	}
	return cmd, nil
}

// attempts asks nodes, from the target on, until one answers or the time is up. The answer to a command that was sent
// before is by the session table the answer to the first that took effect.
func (c *client) attempts(r *request, patient rpc.Attempts, target *int, deadline time.Time) cluster.Outcome {
	return patient.Do(target, deadline, func(node int, timeout time.Duration) rpc.Reply {
		reply := c.ask(node, r, timeout)
		if c.blind && !reply.Final {
			c.serial++
			r.Command.Serial = c.serial
		}
		return reply
	})
}

// ask asks a node once.
func (c *client) ask(node int, r *request, timeout time.Duration) rpc.Reply {
	answer, err := c.conns[node].call(c.host, c.nodes[node]+":"+kvPort, r, timeout)
	switch {
	case err != nil:
		if node == c.first && !errors.As(err, new(*rpc.NotSent)) {
			c.lost = true
		}
		return rpc.Lost(err)
	case answer.Code == codeOK:
		return rpc.Reply{Outcome: c.answered(r, answer.Result), Final: true}
	case answer.Code.definite():
		return rpc.Reply{Outcome: cluster.Outcome{Type: history.Fail, Error: answer.Error}, Leader: answer.Leader}
	default:
		return rpc.Reply{Outcome: cluster.Outcome{Type: history.Info, Error: answer.Error}, Leader: answer.Leader}
	}
}

func (c *client) answered(r *request, found result) cluster.Outcome {
	c.seen = max(c.seen, found.Index)
	out := cluster.Outcome{Type: history.OK, LogIndex: found.Index}
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
	v, err := history.ParseValue([]byte(cluster.Unpad(r.Value)))
	if err != nil { // nothing that this client wrote: show it as it is
		return history.TextValue(r.Value)
	}
	return v
}

// Close closes the connections.
func (c *client) Close() {
	for i := range c.conns {
		c.conns[i].Close()
	}
}

package raftkv

import (
	"errors"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
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
	home     int          // the node near which it is
	first    int          // the node that it asks first for what any may serve
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
	return &client{id: id, host: host, nodes: nodes, conns: make([]connection, len(nodes)), home: own, first: own, leader: own,
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
	out := c.outcome(&request{Command: cmd}, patient, deadline)
	if waits(&cmd) {
		out = c.wait(out, &request{Command: cmd}, patient, deadline)
	}
	if cmd.Op == opQuery && out.Type == history.Info {
		out.Type = history.Fail // it changes nothing, whenever it is carried out
	}
	out.Over = c.over()
	return out
}

// outcome has a request served by the nodes that may serve it.
func (c *client) outcome(r *request, patient rpc.Attempts, deadline time.Time) cluster.Outcome {
	switch {
	case r.Command.Name == ops.Fetch:
		return c.atHome(r, deadline)
	case r.Command.asks() && c.anywhere:
		return c.near(r, patient, deadline)
	default:
		return c.attempts(r, patient, &c.leader, deadline)
	}
}

func (c *client) command(o cluster.Op) (command, error) {
	c.serial++
	cmd := command{Client: c.id, Serial: c.serial, Key: o.Key}
	switch o.Name() {
	case "read":
		cmd.Op = opGet
	case "write":
		cmd.Op, cmd.New = opPut, cluster.Pad(o.Value.String(), o.Padding)
	case "delete":
		cmd.Op = opDelete
	case "cas":
		old, fresh, err := o.CAS()
		if err != nil {
			return cmd, err
		}
		cmd.Op, cmd.Old, cmd.New = opCAS, old.String(), cluster.Pad(fresh.String(), o.Padding)
	default:
		return cmd, cmd.on(o)
	}
	return cmd, nil
}

// on makes a command one on an object.
func (c *command) on(o cluster.Op) error {
	c.Op, c.Name, c.New = opCall, o.Name(), objects.Argument(o.Value, o.Padding)
	if objects.Queries(o) {
		c.Op = opQuery
	}
	return objects.Check(o)
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
	answer, err := c.conns[node].call(c.host, c.nodes[node], r, timeout)
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
	if !found.Matched {
		out.Type, out.Error = history.Fail, history.PreconditionFailed
	}
	if found.tells(&r.Command) {
		out.Value = found.value()
	}
	return out
}

// tells reports whether there is something to tell of what came of a command.
func (r *result) tells(c *command) bool {
	if c.named() {
		return r.Present
	}
	return c.Op == opGet || !r.Matched
}

// value is what the store holds, as a history has it.
func (r *result) value() history.Value {
	if !r.Present {
		return history.NilValue()
	}
	return objects.Parsed(r.Value)
}

// Close closes the connections.
func (c *client) Close() {
	for i := range c.conns {
		c.conns[i].Close()
	}
}

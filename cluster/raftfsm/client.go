package raftfsm

import (
	"strings"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// client sends operations to nodes.
type client struct {
	*rpc.Client
	system *system
}

// Open returns a client on a host of its own.
func (s *system) Open(id int, node string) cluster.Client {
	return &client{rpc.NewClient(s.Client(id), port, s.Nodes(), node, s.config.Client), s}
}

// Do runs one operation. One that only reads is sent again when no answer comes.
func (c *client) Do(op cluster.Op) cluster.Outcome {
	detail := strings.TrimSpace(op.Key + " " + op.Value.String())
	o := rpc.Operation{Request: rpc.NewRequest(op.F, 0, detail, operation{op.F, op.Key, encode(op.Value)}),
		Resend: c.system.reads(op), Pace: op.Pace, Answered: outcomeOf}
	if c.system.local(op) && c.system.env.Mode == raftnode.StaleMode.Name {
		return c.Near(o)
	}
	return c.Client.Do(o)
}

func outcomeOf(r rpc.Response) cluster.Outcome {
	var a answer
	if err := r.Decode(&a); err != nil {
		return cluster.Outcome{Type: history.Info, Error: err.Error()}
	}
	out, err := a.outcome()
	if err != nil {
		return cluster.Outcome{Type: history.Info, Error: err.Error()}
	}
	return out
}

package txnkv

import (
	"fmt"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// client does one transaction at a time.
type client struct {
	*rpc.Client
	id     uint64
	serial uint64
	near   string
	mode   mode
}

var _ cluster.Interactive = (*client)(nil)

// Open returns a client on a host of its own.
func (s *system) Open(n int, near string) cluster.Client {
	return &client{Client: rpc.NewClient(s.Client(n), port, s.Nodes(), near, s.config.Client), id: uint64(n), near: near, mode: s.mode}
}

// Do does a whole transaction, step by step. The outcome is that of the commit, or of the step that ended it.
func (c *client) Do(op cluster.Op) cluster.Outcome {
	if op.Name() != transaction {
		return cluster.Outcome{Type: history.Fail, Error: fmt.Sprintf("there is no %s here", op.Name())}
	}
	steps, err := ops.DecodeSteps(op.Value)
	if err != nil {
		return cluster.Outcome{Type: history.Fail, Error: err.Error()}
	}
	t := c.open(op, steps)
	for i := range steps {
		out := t.Step(steps[i])
		if out.Type != history.OK {
			t.Rollback()
			return cluster.Outcome{Type: history.Fail, Error: out.Error, Node: out.Node} // whatever is known of the step
		}
		if !steps[i].Writes() {
			steps[i].Value = out.Value
		}
	}
	out := t.Commit()
	if out.Type == history.OK {
		out.Value = ops.EncodeSteps(steps)
	}
	return out
}

var transaction = ops.Of(ops.Transaction, ops.Txn)

// open begins the kind of transaction that is best for some steps.
func (c *client) open(op cluster.Op, steps []ops.Step) cluster.Transaction {
	if c.mode.anywhere && ops.OnlyRead(steps) {
		return &looking{client: c, pace: op.Pace}
	}
	t := c.begin()
	t.padding, t.pace = op.Padding, op.Pace
	return t
}

// Begin implements cluster.Interactive. What the transaction will do is not known, so that it is one that may write.
func (c *client) Begin() cluster.Transaction { return c.begin() }

func (c *client) begin() *interactive {
	c.serial++
	return &interactive{client: c, request: request{Txn: id{c.id, c.serial}}}
}

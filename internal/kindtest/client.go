package kindtest

import (
	"slices"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// named is a client, which stays if a script names it, with the siblings that it has read last.
type named struct {
	cluster.Client
	stays bool
	read  []history.Value
}

func (p *play) client(name string) *named {
	if p.named[name] == nil {
		p.named[name] = &named{stays: true}
	}
	return p.named[name]
}

// onSiblings is a read of siblings, or a write in place of those that the client has read.
func (c *named) onSiblings(op cluster.Op, values []history.Value) cluster.Op {
	op.Object = ops.Siblings
	if op.F == "siblings" {
		op.F = ops.Read
		return op
	}
	op.F, op.Value = ops.Write, ops.SiblingWrite{Value: values[0], Replaces: c.read}.Encode()
	return op
}

// told remembers what has been read, until it is written in place of.
func (c *named) told(op cluster.Op, out cluster.Outcome) {
	switch {
	case op.Object != ops.Siblings:
	case op.F == ops.Write:
		c.read = nil
	case out.Type == history.OK:
		c.read = slices.Collect(out.Value.Elements)
	}
}

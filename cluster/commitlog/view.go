package commitlog

import (
	"fmt"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// view is derived from a partition: it applies what is committed, one record after the other, and has nothing of its own. A process that
// starts begins with an empty one.
type view struct {
	applied uint64
	values  map[string]history.Value
}

// source is the partition that a view is derived from. Without a log each view has a partition of its own, which is as durable, and as
// much in one order; but the orders of two are not the same.
func (s *system) source(view string) string {
	if s.mode.dualWrites {
		return ops.Updates + "/" + view
	}
	return ops.Updates
}

// derive has a view apply the entries up to one that were not applied yet.
func (v *view) derive(l log, through uint64) {
	for ; v.applied < through; v.applied++ {
		if c, err := ops.DecodeChange(objects.Parsed(l[v.applied].Command.Value)); err == nil {
			v.values[c.Key] = c.Value
		}
	}
}

// look reads a view. It waits for nothing: a view is as old as it is.
func (b *broker) look(name string) rpc.Response {
	b.Lock()
	defer b.Unlock()
	v := b.views[name]
	if v == nil {
		v = &view{values: map[string]history.Value{}}
		b.views[name] = v
	}
	if r := b.replica(b.system.source(name)); r != nil {
		v.derive(r.log, max(v.applied, b.shown(r)))
	}
	d := ops.Derived{Applied: int64(v.applied), Values: v.values}
	if b.system.mode.dualWrites {
		d.Applied = -1
	}
	return rpc.Answer(0, fmt.Sprintf("%s at %d", name, v.applied), d.Encode().String())
}

// update writes to what the views are derived from: to the log, or to one view after the other. What fails between the two leaves one
// view with it and the other without.
func (c *client) update(op cluster.Op) cluster.Outcome {
	change := ops.Change{Key: op.Key, Value: op.Value}.Encode()
	m := message{Value: objects.Argument(change, op.Padding)}
	if !c.system.mode.dualWrites {
		return c.append(ops.Updates, c.numbered(ops.Updates, m), op.Pace)
	}
	var out cluster.Outcome
	for i, view := range ops.Views {
		source := c.system.source(view)
		out = c.append(source, c.numbered(source, m), op.Pace)
		if out.Type == history.Fail && i > 0 {
			out.Type = history.Info
		}
		if out.Type != history.OK {
			return out
		}
	}
	out.Value = ops.Record{Offset: ops.Untold, Value: change}.Encode()
	return out
}

// view reads a view on the node that is near.
func (c *client) view(op cluster.Op) cluster.Outcome {
	q := rpc.NewRequest(asksView, 0, op.Key, op.Key)
	return onlyAsked(c.of(op.Key).Own(rpc.Operation{Request: q, Resend: true, Pace: op.Pace, Answered: func(response rpc.Response) cluster.Outcome {
		var text string
		if err := response.Decode(&text); err != nil {
			return cluster.Outcome{Type: history.Fail, Error: err.Error()}
		}
		return cluster.Outcome{Type: history.OK, Value: objects.Parsed(text)}
	}}))
}

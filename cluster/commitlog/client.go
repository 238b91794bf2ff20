package commitlog

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// client is a producer and a consumer. Of each partition it knows who served it last.
type client struct {
	system    *system
	host      *network.Host
	near      string
	producer  uint64                 // no other client has it
	leaders   map[string]*rpc.Client // by partition
	sequences map[string]uint64      // by partition: of the last message that is in its log
	found     map[string]bool        // the partitions whose leaders it has found
	worker    worker
	within    within
}

// of is the client of the leader of a partition.
func (c *client) of(partition string) *rpc.Client {
	if c.leaders[partition] == nil {
		c.leaders[partition] = rpc.NewClient(c.host, port, c.system.Nodes(), c.near, c.system.config.Client)
	}
	return c.leaders[partition]
}

// Do implements cluster.Client.
func (c *client) Do(op cluster.Op) cluster.Outcome {
	switch op.F {
	case ops.Send:
		m := c.numbered(op.Key, message{Value: objects.Argument(op.Value, op.Padding)})
		return c.append(op.Key, m, op.Pace)
	case ops.SendAll, ops.Abandon:
		return c.sendAll(op)
	case ops.Process:
		return c.work(op)
	case ops.UpdateViews:
		return c.update(op)
	case ops.View:
		return c.view(op)
	default:
		return c.read(op)
	}
}

// numbered gives a message a number, if the producer is idempotent, so that a leader knows it again. After an outcome that nobody knows a
// client is used no more.
func (c *client) numbered(partition string, m message) message {
	if c.system.mode.idempotent {
		m.sender = sender{Producer: c.producer, Sequence: c.sequences[partition] + 1}
	}
	return m
}

// append sends a message until it is acknowledged, or once if it waits for nothing.
func (c *client) append(partition string, m message, pace time.Duration) cluster.Outcome {
	q := rpc.NewRequest(asksProduce, 0, partition+" "+m.Value, produce{partition, m})
	if c.system.mode.acks == acksNone {
		return c.fire(partition, q, m)
	}
	out := c.of(partition).Do(rpc.Operation{Request: q, Resend: true, Pace: pace, Answered: func(response rpc.Response) cluster.Outcome {
		var a appended
		if err := response.Decode(&a); err != nil {
			return cluster.Outcome{Type: history.Info, Error: err.Error()}
		}
		return cluster.Outcome{Type: history.OK, Value: ops.Record{Offset: a.Offset, Value: objects.Parsed(m.Value)}.Encode()}
	}})
	if out.Type == history.OK && m.Producer == c.producer {
		c.sequences[partition] = m.Sequence
	}
	return out
}

// fire sends a message to the presumed leader, and forgets it. Before the first one it finds out which node that is.
func (c *client) fire(partition string, q rpc.Request, m message) cluster.Outcome {
	if !c.found[partition] {
		if out := c.read(cluster.Op{F: ops.Poll, Key: partition, Value: history.IntValue(0)}); out.Type != history.OK {
			return out
		}
		c.found[partition] = true
	}
	c.of(partition).Cast(q)
	return cluster.Outcome{Type: history.OK, Value: ops.Record{Offset: ops.Untold, Value: objects.Parsed(m.Value)}.Encode(), Node: c.near}
}

// read consumes: from the leader, or from the node that is near.
func (c *client) read(op cluster.Op) cluster.Outcome {
	from, _ := op.Value.Int()
	o := rpc.Operation{Request: rpc.NewRequest(op.F, 0, op.Key, reading{op.Key, from}), Resend: true, Pace: op.Pace, Answered: recordsOf}
	if op.F == ops.Fetch {
		return onlyAsked(c.of(op.Key).Own(o))
	}
	return onlyAsked(c.of(op.Key).Do(o))
}

// onlyAsked is the outcome of an operation that changes nothing: without an answer it has failed.
func onlyAsked(out cluster.Outcome) cluster.Outcome {
	if out.Type == history.Info {
		out.Type = history.Fail
	}
	return out
}

func recordsOf(response rpc.Response) cluster.Outcome {
	var found records
	if err := response.Decode(&found); err != nil {
		return cluster.Outcome{Type: history.Fail, Error: err.Error()}
	}
	var all []ops.Record
	for i, v := range found.Values {
		all = append(all, ops.Record{Offset: found.Offsets[i], Value: objects.Parsed(v)})
	}
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeRecords(all)}
}

// Close closes the connections.
func (c *client) Close() {
	for _, partition := range slices.Sorted(maps.Keys(c.leaders)) {
		c.leaders[partition].Close()
	}
}

// probed is a partition that no workload uses.
const probed = "faultline/probe"

// probe sends to it: see cluster.Kind.
func probe(draw *rand.Rand) cluster.Op {
	n := int64(0)
	if draw != nil {
		n = draw.Int64N(1e9)
	}
	return cluster.Op{F: ops.Send, Key: probed, Value: history.IntValue(n)}
}

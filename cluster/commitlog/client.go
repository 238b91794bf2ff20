package commitlog

import (
	"math/rand/v2"

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
	from, _ := op.Value.Int()
	asked := reading{op.Key, from}
	switch op.F {
	case ops.Send:
		return c.send(op)
	case ops.Fetch:
		return onlyAsked(c.of(op.Key).Own(rpc.Operation{Request: rpc.NewRequest(asksFetch, 0, op.Key, asked), Resend: true, Pace: op.Pace, Answered: recordsOf}))
	default:
		return onlyAsked(c.of(op.Key).Do(rpc.Operation{Request: rpc.NewRequest(asksPoll, 0, op.Key, asked), Resend: true, Pace: op.Pace, Answered: recordsOf}))
	}
}

// send sends a message until it is acknowledged. An idempotent producer numbers its messages, so that a leader knows one again; after an
// outcome that nobody knows a client is used no more. One that is not sends it again all the same.
func (c *client) send(op cluster.Op) cluster.Outcome {
	m := message{Value: objects.Argument(op.Value, op.Padding)}
	if c.system.mode.idempotent {
		m.Producer, m.Sequence = c.producer, c.sequences[op.Key]+1
	}
	out := c.of(op.Key).Do(rpc.Operation{Request: rpc.NewRequest(asksProduce, 0, op.Key+" "+op.Value.String(), produce{op.Key, m}), Resend: true, Pace: op.Pace,
		Answered: func(response rpc.Response) cluster.Outcome {
			var a appended
			if err := response.Decode(&a); err != nil {
				return cluster.Outcome{Type: history.Info, Error: err.Error()}
			}
			return cluster.Outcome{Type: history.OK, Value: ops.Record{Offset: a.Offset, Value: op.Value}.Encode()}
		}})
	if out.Type == history.OK {
		c.sequences[op.Key] = m.Sequence
	}
	return out
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
		all = append(all, ops.Record{Offset: found.First + int64(i), Value: objects.Parsed(v)})
	}
	return cluster.Outcome{Type: history.OK, Value: ops.EncodeRecords(all)}
}

// Close closes the connections.
func (c *client) Close() {
	for _, node := range c.leaders {
		node.Close()
	}
}

// probe sends to a partition that no workload uses: see cluster.Kind.
func probe(draw *rand.Rand) cluster.Op {
	n := int64(0)
	if draw != nil {
		n = draw.Int64N(1e9)
	}
	return cluster.Op{F: ops.Send, Key: "faultline/probe", Value: history.IntValue(n)}
}

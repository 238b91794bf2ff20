// Package kv is what stores of keys and values have in common, whatever their replication: commands, the state that follows from them,
// and clients. Values are JSON, so that they can be padded: see cluster.Pad.
package kv

import (
	"math/rand/v2"

	"faultline/cluster"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// Ops are the operations that a State understands.
func Ops() []string { return []string{"read", "write", "cas", "delete"} }

// Command is what a client asks for.
type Command struct {
	F   string `json:"f"` // one of Ops
	Key string `json:"k"`
	Old string `json:"o,omitempty"` // what a cas expects
	New string `json:"n,omitempty"` // what a write or a cas puts
}

// Result is what came of a command.
type Result struct {
	Value  *string `json:"value"`  // what the key had before; nil for nothing
	Failed bool    `json:"failed"` // a cas found something else
	Index  uint64  `json:"index"`  // see history.Event
}

// State is what the keys have. Whoever applies the same commands in the same order has the same state.
type State map[string]string

// Apply carries out a command.
func (s State) Apply(c Command) Result {
	r := Result{}
	if v, ok := s[c.Key]; ok {
		r.Value = &v
	}
	switch c.F {
	case "write":
		s[c.Key] = c.New
	case "delete":
		delete(s, c.Key)
	case "cas":
		if r.Failed = r.Value == nil || cluster.Unpad(*r.Value) != c.Old; !r.Failed {
			s[c.Key] = c.New
		}
	}
	return r
}

// commandOf is an operation as a command.
func commandOf(o cluster.Op) Command {
	c := Command{F: o.F, Key: o.Key}
	switch pair, isPair := o.Value.List(); {
	case o.F == "write":
		c.New = cluster.Pad(o.Value.String(), o.Padding)
	case o.F == "cas" && isPair && len(pair) == 2:
		c.Old, c.New = pair[0].String(), cluster.Pad(pair[1].String(), o.Padding)
	}
	return c
}

// outcome is what a client learns of a result.
func (c Command) outcome(r Result) cluster.Outcome {
	out := cluster.Outcome{Type: history.OK, LogIndex: r.Index}
	if r.Failed {
		out.Type, out.Error = history.Fail, history.PreconditionFailed
	}
	if c.F == "read" || r.Failed {
		out.Value = history.NilValue()
		if r.Value != nil {
			out.Value = parsed(cluster.Unpad(*r.Value))
		}
	}
	return out
}

func parsed(text string) history.Value {
	v, err := history.ParseValue([]byte(text))
	if err != nil { // nothing that a client wrote: show it as it is
		return history.TextValue(text)
	}
	return v
}

// Client is a client of a store whose nodes take requests that are called like operations, with a Command, and answer with a
// Result. It asks whoever leads. Of nothing but a read it asks again if it does not know what came of it.
type Client struct{ *rpc.Client }

// Do implements cluster.Client.
func (c Client) Do(o cluster.Op) cluster.Outcome {
	asked := commandOf(o)
	return c.Client.Do(rpc.Operation{Request: rpc.NewRequest(o.F, 0, o.Key, asked), Resend: o.F == "read", Pace: o.Pace,
		Answered: func(response rpc.Response) cluster.Outcome {
			var r Result
			if err := response.Decode(&r); err != nil {
				return cluster.Outcome{Type: history.Info, Error: err.Error()}
			}
			return asked.outcome(r)
		}})
}

// Probe reads a key that no workload uses, or with a draw may write it: see cluster.Kind.
func Probe(draw *rand.Rand) cluster.Op {
	op := cluster.Op{F: "read", Key: "faultline/probe"}
	if draw != nil && draw.IntN(2) == 0 {
		op.F, op.Value = "write", history.IntValue(draw.Int64N(1e9))
	}
	return op
}

// Package kv is what stores of keys and values have in common, whatever their replication: commands, the state that follows from them,
// and clients. Values are JSON, so that they can be padded: see cluster.Pad. It also has the objects of package objects, except logs:
// those would have to be read from a node that is named.
package kv

import (
	"math/rand/v2"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// Ops are the operations on keys that a State understands.
func Ops() []string { return []string{"read", "write", "cas", "delete"} }

// ObjectOps are those on objects, and transactions.
func ObjectOps() []string {
	ofLogs := func(name string) bool { return name == ops.Send || name == ops.Poll || name == ops.Fetch }
	return append(slices.DeleteFunc(objects.Ops(), ofLogs), ops.Txn)
}

// Command is what a client asks for.
type Command struct {
	F   string `json:"f"` // read, write, cas or delete; of a command on an object read if it changes nothing, otherwise its name
	Key string `json:"k"`
	Old string `json:"o,omitempty"` // what a cas expects; empty for a key that has no value
	New string `json:"n,omitempty"` // what a write or a cas puts, or the argument of a command on an object

	Name   string `json:"name,omitempty"`   // of a command on an object, such as "set.add"
	Client uint64 `json:"client,omitempty"` // who gives a command on an object
}

// Result is what came of a command.
type Result struct {
	Value  *string `json:"value"`  // what the key had before, or what an object answers; nil for nothing
	Failed bool    `json:"failed"` // a cas found something else, or an object does not allow the command
	Index  uint64  `json:"index"`  // see history.Event
}

// State is what the keys have, and the objects. Whoever applies the same commands in the same order has the same state.
type State struct {
	values  map[string]string
	objects objects.State
}

// NewState returns a state in which there is nothing.
func NewState() State { return State{map[string]string{}, objects.State{}} }

// Apply carries out a command, which is at an index of the store's order: of one that changes something, its own.
func (s State) Apply(c Command, index uint64) Result {
	r := Result{Index: index}
	if c.Name != "" {
		return s.call(c, r)
	}
	if v, ok := s.values[c.Key]; ok {
		r.Value = &v
	}
	switch c.F {
	case "write":
		s.values[c.Key] = c.New
	case "delete":
		delete(s.values, c.Key)
	case "cas":
		if r.Failed = !c.expects(r.Value); !r.Failed {
			s.values[c.Key] = c.New
		}
	}
	return r
}

// expects reports whether a value, nil for none, is what a cas expects.
func (c Command) expects(value *string) bool {
	if value == nil {
		return c.Old == ""
	}
	return cluster.Unpad(*value) == c.Old
}

// call carries out a command on an object, or a transaction.
func (s State) call(c Command, r Result) Result {
	call := objects.Call{Name: c.Name, Key: c.Key, Argument: c.New, Client: c.Client, Index: r.Index}
	var a objects.Answer
	if c.Name == ops.Txn {
		a = objects.Txn(s.values, call)
	} else {
		a = s.objects.Call(call)
	}
	r.Failed = a.Failed
	if a.Value.Kind() != history.None {
		text := a.Value.String()
		r.Value = &text
	}
	return r
}

// commandOf is an operation of a client as a command. The error says what cannot be done.
func commandOf(o cluster.Op, client uint64) (Command, error) {
	c := Command{F: o.F, Key: o.Key}
	if !slices.Contains(Ops(), o.Name()) {
		return onObject(o, client)
	}
	switch o.F {
	case "write":
		c.New = cluster.Pad(o.Value.String(), o.Padding)
	case "cas":
		old, fresh, err := o.CAS()
		if err != nil {
			return c, err
		}
		if old.Kind() != history.Nil {
			c.Old = old.String()
		}
		c.New = cluster.Pad(fresh.String(), o.Padding)
	}
	return c, nil
}

// onObject is an operation on an object as a command.
func onObject(o cluster.Op, client uint64) (Command, error) {
	c := Command{F: o.Name(), Key: o.Key, New: objects.Argument(o.Value, o.Padding), Name: o.Name(), Client: client}
	if objects.Queries(o) {
		c.F = "read"
	}
	return c, objects.Check(o)
}

// outcome is what a client learns of a result.
func (c Command) outcome(r Result) cluster.Outcome {
	out := cluster.Outcome{Type: history.OK, LogIndex: r.Index}
	if r.Failed {
		out.Type, out.Error = history.Fail, history.PreconditionFailed
	}
	switch asked := c.F == "read" || r.Failed; {
	case r.Value != nil && (asked || c.Name != ""):
		out.Value = objects.Parsed(*r.Value)
	case asked && c.Name == "":
		out.Value = history.NilValue()
	}
	return out
}

// Client is a client of a store whose nodes take requests that are called like operations, with a Command, and answer with a
// Result. It asks whoever leads, unless Near. Of nothing but a read it asks again if it does not know what came of it.
type Client struct {
	*rpc.Client
	ID uint64 // no other client has it
	// Near says that any node may serve a read, so that it is asked of the client's own node first.
	Near bool
	// Reads is the client that asks for them if others serve them than writes; nil if not.
	Reads *rpc.Client
}

// Close implements cluster.Client.
func (c Client) Close() {
	c.Client.Close()
	if c.Reads != nil {
		c.Reads.Close()
	}
}

// Do implements cluster.Client.
func (c Client) Do(o cluster.Op) cluster.Outcome {
	asked, err := commandOf(o, c.ID)
	if err != nil {
		return cluster.Outcome{Type: history.Fail, Error: err.Error()}
	}
	out := c.do(asked, o.Pace)
	if asked.Name != "" && asked.F == "read" && out.Type == history.Info {
		out.Type = history.Fail // it changes nothing, whenever it is carried out
	}
	return out
}

func (c Client) do(asked Command, pace time.Duration) cluster.Outcome {
	do := c.Client.Do
	switch {
	case asked.F != "read":
	case c.Near:
		do = c.Client.Near
	case c.Reads != nil:
		do = c.Reads.Do
	}
	return do(rpc.Operation{Request: rpc.NewRequest(asked.F, 0, asked.Key, asked), Resend: asked.F == "read", Pace: pace,
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

package versioned

import (
	"slices"

	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// Ops are the operations that a Client has: those of a register, and those of siblings.
func Ops() []string {
	return []string{"read", "write", ops.Of(ops.Siblings, ops.Read), ops.Of(ops.Siblings, ops.Write)}
}

// Command is what a client asks a node for: to read a key, or to write it.
type Command struct {
	Key   string `json:"k"`
	Value string `json:"v,omitempty"` // of a write
	// All says that a write is one of a register: it replaces all that is there. Otherwise it replaces what the context counts.
	All     bool           `json:"all,omitempty"`
	Context logical.Vector `json:"context,omitempty"`
	Session logical.Vector `json:"session,omitempty"` // what the client's session has seen of all keys, as the store has told it
}

// Result is what a node has read. Of a write it has nothing but the session.
type Result struct {
	Values  []string       `json:"values,omitempty"` // the latest first
	Context logical.Vector `json:"context,omitempty"`
	Session logical.Vector `json:"session,omitempty"` // what a node must have for whoever has seen this; empty in stores that do not ask
}

// Result is what a client is told of an object.
func (o Object) Result() Result {
	r := Result{Context: o.Seen}
	for _, v := range o.Versions {
		r.Values = append(r.Values, v.Value)
	}
	return r
}

// Client is a client of a store whose nodes all take reads and writes, as requests of these names with a Command, and answer a read
// with a Result. It asks the node that it is near to, and others if that does not serve.
type Client struct {
	*rpc.Client
	seen    map[string]reading // what it read last of each key, and has not written in place of
	session logical.Vector
}

// reading is the siblings that a client has read, and what tells them from later ones.
type reading struct {
	siblings []history.Value
	context  logical.Vector
}

// NewClient returns a client that has read nothing.
func NewClient(c *rpc.Client) *Client { return &Client{c, map[string]reading{}, logical.Vector{}} }

// Do implements cluster.Client.
func (c *Client) Do(o cluster.Op) cluster.Outcome {
	switch o.Name() {
	case "read":
		return c.read(o, register)
	case "write":
		return c.write(o, Command{Key: o.Key, Value: cluster.Pad(o.Value.String(), o.Padding), All: true})
	case ops.Of(ops.Siblings, ops.Read):
		out := c.read(o, c.siblings)
		if out.Type == history.Info {
			out.Type = history.Fail // it changes nothing, whenever it is carried out
		}
		return out
	case ops.Of(ops.Siblings, ops.Write):
		return c.replace(o)
	default:
		return cluster.Outcome{Type: history.Fail, Error: "the store has no operation " + o.Name()}
	}
}

// read reads a key, and has the answer understood.
func (c *Client) read(o cluster.Op, understand func(key string, r Result) history.Value) cluster.Outcome {
	asked := rpc.Operation{Request: rpc.NewRequest("read", 0, o.Key, Command{Key: o.Key, Session: c.session}), Resend: true, Pace: o.Pace}
	return c.ask(asked, func(r Result) history.Value { return understand(o.Key, r) })
}

// ask asks for something, and has the answer understood.
func (c *Client) ask(o rpc.Operation, understand func(Result) history.Value) cluster.Outcome {
	o.Answered = func(response rpc.Response) cluster.Outcome {
		var r Result
		if err := response.Decode(&r); err != nil {
			return cluster.Outcome{Type: history.Info, Error: err.Error()}
		}
		c.session.Merge(r.Session)
		return cluster.Outcome{Type: history.OK, Value: understand(r)}
	}
	return c.Near(o)
}

// register is the value of a register: of several the latest.
func register(_ string, r Result) history.Value {
	if len(r.Values) == 0 {
		return history.NilValue()
	}
	return objects.Parsed(r.Values[0])
}

// siblings are all values, which the client remembers.
func (c *Client) siblings(key string, r Result) history.Value {
	var all []history.Value
	for _, v := range r.Values {
		all = append(all, objects.Parsed(v))
	}
	c.seen[key] = reading{all, r.Context}
	return history.ListValue(all...)
}

// replace writes in place of what the client has read.
func (c *Client) replace(o cluster.Op) cluster.Outcome {
	w, err := ops.DecodeSiblingWrite(o.Value)
	if err != nil {
		return cluster.Outcome{Type: history.Fail, Error: err.Error()}
	}
	command := Command{Key: o.Key, Value: cluster.Pad(w.Value.String(), o.Padding)}
	if len(w.Replaces) > 0 {
		has := c.seen[o.Key]
		if !slices.EqualFunc(has.siblings, w.Replaces, history.Value.Equal) {
			return cluster.Outcome{Type: history.Fail, Error: "not-read"}
		}
		command.Context = has.context
	}
	delete(c.seen, o.Key)
	return c.write(o, command)
}

func (c *Client) write(o cluster.Op, command Command) cluster.Outcome {
	command.Session = c.session
	asked := rpc.Operation{Request: rpc.NewRequest("write", 0, o.Key+" := "+command.Value, command), Pace: o.Pace}
	return c.ask(asked, func(Result) history.Value { return history.Value{} })
}

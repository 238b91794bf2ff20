package crdt

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"faultline/cluster"
	"faultline/cluster/crdt/datatypes"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// query is what a client asks for. The value is JSON, which may be padded: see cluster.Pad.
type query struct {
	Key   string `json:"key"`
	F     string `json:"f"`
	Value string `json:"value"`
}

// seen is what a reader wants to be in the answer.
func (q query) seen() (logical.Vector, error) {
	v, err := history.ParseValue([]byte(cluster.Unpad(q.Value)))
	if err != nil {
		return nil, err
	}
	return ops.DecodeVector(v)
}

func (q query) update() (u datatypes.Update, err error) {
	v, err := history.ParseValue([]byte(cluster.Unpad(q.Value)))
	if err == nil {
		u.F = q.F
		u.Update, err = ops.DecodeUpdate(v)
	}
	return u, err
}

// typeOf is the type of an object, which its key begins with: "or-set/3".
func typeOf(key string) string {
	name, _, _ := strings.Cut(key, "/")
	return name
}

// result is what a client is told: an ops.Seen, as JSON.
type result struct {
	Seen string `json:"seen"`
}

func answer(o *datatypes.Object, v history.Value) rpc.Response {
	seen := ops.Seen{Value: v, Version: o.Seen.Vector}
	return rpc.Answer(0, "", result{seen.Encode().String()})
}

// client asks the node near it. If that does not answer it goes to the next, and stays there.
type client struct{ *rpc.Client }

// Do implements cluster.Client. Whatever it asks for it can ask for again.
func (c client) Do(o cluster.Op) cluster.Outcome {
	q, kind := query{o.Key, o.F, cluster.Pad(o.Value.String(), o.Padding)}, "update"
	switch {
	case o.Object != typeOf(o.Key):
		return cluster.Outcome{Type: history.Fail, Error: fmt.Sprintf("%s is no %s", o.Key, o.Object)}
	case o.F == ops.Read:
		kind = "read"
	}
	out := c.Client.Do(rpc.Operation{Request: rpc.NewRequest(kind, 0, o.F+" "+o.Key, q), Resend: true, Pace: o.Pace, Answered: told})
	if kind == "read" && out.Type == history.Info {
		out.Type = history.Fail // it changes nothing, whenever it is carried out
	}
	return out
}

// told is what a client learns of an answer.
func told(response rpc.Response) cluster.Outcome {
	var r result
	err := response.Decode(&r)
	if err == nil {
		var v history.Value
		if v, err = history.ParseValue([]byte(r.Seen)); err == nil {
			return cluster.Outcome{Type: history.OK, Value: v}
		}
	}
	return cluster.Outcome{Type: history.Info, Error: err.Error()}
}

// probe reads a counter that no workload uses, or with a draw may add to it: see cluster.Kind.
func probe(draw *rand.Rand) cluster.Op {
	op := cluster.Op{Object: ops.GCounter, F: ops.Read, Key: ops.GCounter + "/probe", Value: ops.EncodeVector(nil)}
	if draw != nil && draw.IntN(2) == 0 {
		name := logical.Dot{Node: fmt.Sprintf("probe%d", draw.Int64N(1e15)), N: 1}
		op.F, op.Value = ops.Add, ops.Update{Dot: name, Argument: history.IntValue(1)}.Encode()
	}
	return op
}

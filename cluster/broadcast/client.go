package broadcast

import (
	"encoding/json"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// Client is a client of one node, which never asks another. Its nodes take requests that are called like operations.
type Client struct{ kv.Client }

// Do implements cluster.Client.
func (c Client) Do(o cluster.Op) cluster.Outcome {
	switch o.F {
	case ops.Broadcast:
		return c.Client.Client.Do(rpc.Operation{Request: rpc.NewRequest(o.F, 0, o.Value.String(), json.RawMessage(o.Value.String())), Pace: o.Pace,
			Answered: func(r rpc.Response) cluster.Outcome {
				var before int64
				err := r.Decode(&before)
				return answered(history.IntValue(before), err)
			}})
	case ops.Deliveries:
		return c.ask(o, deliveries)
	case ops.Stamps:
		return c.ask(o, events)
	default:
		return c.Client.Do(o)
	}
}

// ask asks the node for what it has of a list.
func (c Client) ask(o cluster.Op, answered func(rpc.Response) cluster.Outcome) cluster.Outcome {
	out := c.Client.Client.Do(rpc.Operation{Request: rpc.NewRequest(o.F, 0, o.Value.String(), json.RawMessage(o.Value.String())), Resend: true,
		Pace: o.Pace, Answered: answered})
	if out.Type == history.Info {
		out.Type = history.Fail // it changes nothing
	}
	return out
}

// deliveries are the values in a node's answer.
func deliveries(r rpc.Response) cluster.Outcome {
	var all []json.RawMessage
	err := r.Decode(&all)
	var values []history.Value
	for _, text := range all {
		v, wrong := history.ParseValue(text)
		if wrong != nil {
			err = wrong
		}
		values = append(values, v)
	}
	return answered(ops.EncodeDelivered(values), err)
}

// events are those in a node's answer.
func events(r rpc.Response) cluster.Outcome {
	var all []event
	err := r.Decode(&all)
	var told []ops.Stamped
	for _, e := range all {
		v, wrong := history.ParseValue(e.Value)
		if wrong != nil {
			err = wrong
		}
		told = append(told, ops.Stamped{Received: e.Received, Message: v, Clocks: e.Clocks})
	}
	return answered(ops.EncodeStamps(told), err)
}

func answered(v history.Value, err error) cluster.Outcome {
	if err != nil {
		return cluster.Outcome{Type: history.Info, Error: err.Error()}
	}
	return cluster.Outcome{Type: history.OK, Value: v}
}

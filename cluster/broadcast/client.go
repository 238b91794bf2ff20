package broadcast

import (
	"encoding/json"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// client is a client of one node, which never asks another.
type client struct{ kv.Client }

// Do implements cluster.Client.
func (c client) Do(o cluster.Op) cluster.Outcome {
	switch o.F {
	case ops.Broadcast:
		return c.Client.Client.Do(rpc.Operation{Request: rpc.NewRequest(o.F, 0, o.Value.String(), json.RawMessage(o.Value.String())), Pace: o.Pace,
			Answered: func(r rpc.Response) cluster.Outcome {
				var before int64
				err := r.Decode(&before)
				return answered(history.IntValue(before), err)
			}})
	case ops.Deliveries:
		out := c.Client.Client.Do(rpc.Operation{Request: rpc.NewRequest(o.F, 0, o.Value.String(), json.RawMessage(o.Value.String())), Resend: true, Pace: o.Pace,
			Answered: deliveries})
		if out.Type == history.Info {
			out.Type = history.Fail // it changes nothing
		}
		return out
	default:
		return c.Client.Do(o)
	}
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

func answered(v history.Value, err error) cluster.Outcome {
	if err != nil {
		return cluster.Outcome{Type: history.Info, Error: err.Error()}
	}
	return cluster.Outcome{Type: history.OK, Value: v}
}

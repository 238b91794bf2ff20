package raftfsm

import (
	"encoding/json"

	"faultline/cluster"
	"faultline/history"
)

// operation is an operation on its way to a node.
type operation struct {
	F     string `json:"f"`
	Key   string `json:"key,omitempty"`
	Value value  `json:"value,omitempty"`
}

func (q operation) op() (cluster.Op, error) {
	v, err := decode(q.Value)
	return cluster.Op{F: q.F, Key: q.Key, Value: v}, err
}

// answer is a node's to an operation that it has done, or that the state machine has refused.
type answer struct {
	OK    bool   `json:"ok"`
	Value value  `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
	Index uint64 `json:"index,omitempty"` // in the log; 0 if it is not known
}

// answered is what a state machine's outcome is as an answer.
func answered(out cluster.Outcome, index uint64) answer {
	return answer{OK: out.Type == history.OK, Value: encode(out.Value), Error: out.Error, Index: index}
}

func (a answer) outcome() (cluster.Outcome, error) {
	out := cluster.Outcome{Type: history.Fail, Error: a.Error, LogIndex: a.Index}
	if a.OK {
		out.Type = history.OK
	}
	var err error
	out.Value, err = decode(a.Value)
	return out, err
}

// value is a value of a history; empty if there is none.
type value = json.RawMessage

func encode(v history.Value) value { return v.AppendJSON(nil) }

func decode(v value) (history.Value, error) {
	if len(v) == 0 {
		return history.Value{}, nil
	}
	return history.ParseValue(v)
}

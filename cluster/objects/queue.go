package objects

import (
	"encoding/json"
	"slices"

	"faultline/cluster/ops"
	"faultline/history"
)

// queue gives its elements out in the order in which they came.
type queue struct{ waiting []int64 }

var queues = kind{name: ops.Queue, changes: []string{ops.Enqueue, ops.Dequeue, ops.Drain}, check: integerFor(ops.Enqueue),
	fresh: func() Object { return &queue{} }}

func (q *queue) change(f string, argument history.Value, _ Call) Answer {
	switch {
	case f == ops.Enqueue:
		e, _ := argument.Int()
		q.waiting = append(q.waiting, e)
		return ok
	case f == ops.Drain:
		taken := q.waiting
		q.waiting = nil
		return answer(integers(taken))
	case len(q.waiting) == 0:
		return answer(history.NilValue())
	default:
		first := q.waiting[0]
		q.waiting = q.waiting[1:]
		return answer(history.IntValue(first))
	}
}

// Clone implements Object. The copy shares the elements: the queue only adds behind them.
func (q *queue) Clone() Object { return &queue{slices.Clip(q.waiting)} }

// MarshalJSON implements json.Marshaler.
func (q *queue) MarshalJSON() ([]byte, error) { return marshalList(q.waiting) }

// UnmarshalJSON implements json.Unmarshaler.
func (q *queue) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &q.waiting) }

// marshalList encodes a list that may be empty in more than one way.
func marshalList(all []int64) ([]byte, error) {
	if len(all) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal(all)
}

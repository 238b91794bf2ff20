package objects

import (
	"encoding/json"

	"faultline/cluster/ops"
	"faultline/history"
)

// counter begins at 0.
type counter struct{ count int64 }

var counters = kind{name: ops.Counter, changes: []string{ops.Add, ops.Increase}, queries: []string{ops.Read}, check: integerFor(ops.Add),
	fresh: func() Object { return &counter{} }}

func (c *counter) change(f string, argument history.Value, _ Call) Answer {
	if f == ops.Increase {
		c.count++
		return answer(history.IntValue(c.count))
	}
	n, _ := argument.Int()
	c.count += n
	return ok
}

func (c *counter) query(string, history.Value) Answer { return answer(history.IntValue(c.count)) }

// Clone implements Object.
func (c *counter) Clone() Object { return &counter{c.count} }

// MarshalJSON implements json.Marshaler.
func (c *counter) MarshalJSON() ([]byte, error) { return json.Marshal(c.count) }

// UnmarshalJSON implements json.Unmarshaler.
func (c *counter) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &c.count) }

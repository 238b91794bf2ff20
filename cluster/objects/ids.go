package objects

import (
	"encoding/json"

	"faultline/cluster/ops"
	"faultline/history"
)

// generator gives out the ids 1, 2, 3, …
type generator struct{ last int64 }

var ids = kind{name: ops.IDs, changes: []string{ops.Generate}, check: nothing, fresh: func() Object { return &generator{} }}

func (g *generator) change(string, history.Value, Call) Answer {
	g.last++
	return answer(history.IntValue(g.last))
}

// Clone implements Object.
func (g *generator) Clone() Object { return &generator{g.last} }

// MarshalJSON implements json.Marshaler.
func (g *generator) MarshalJSON() ([]byte, error) { return json.Marshal(g.last) }

// UnmarshalJSON implements json.Unmarshaler.
func (g *generator) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &g.last) }

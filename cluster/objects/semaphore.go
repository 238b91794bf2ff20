package objects

import (
	"encoding/json"
	"maps"

	"faultline/cluster/ops"
	"faultline/history"
)

// semaphore has how many permits each client holds that holds any.
type semaphore struct{ held map[uint64]int64 }

var semaphores = kind{name: ops.Semaphore, changes: []string{ops.Acquire, ops.Release}, check: integerFor(ops.Acquire),
	fresh: func() Object { return &semaphore{map[uint64]int64{}} }}

func (s *semaphore) change(f string, argument history.Value, c Call) Answer {
	if f == ops.Release {
		return s.release(c.Client)
	}
	permits, _ := argument.Int()
	taken := int64(0)
	for _, n := range s.held {
		taken += n
	}
	if taken >= permits {
		return refused
	}
	s.held[c.Client]++
	return answer(history.IntValue(int64(c.Index)))
}

func (s *semaphore) release(client uint64) Answer {
	if s.held[client] == 0 {
		return refused
	}
	if s.held[client]--; s.held[client] == 0 {
		delete(s.held, client)
	}
	return ok
}

// Clone implements Object.
func (s *semaphore) Clone() Object { return &semaphore{maps.Clone(s.held)} }

// MarshalJSON implements json.Marshaler.
func (s *semaphore) MarshalJSON() ([]byte, error) { return json.Marshal(s.held) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *semaphore) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &s.held) }

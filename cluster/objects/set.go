package objects

import (
	"encoding/json"
	"slices"

	"faultline/cluster/ops"
	"faultline/history"
)

// set has its elements in the order in which they were added. So a copy can share them with the set, which only adds behind.
type set struct {
	elements []int64
	has      map[int64]bool // the same elements; nil if nobody has asked yet
}

var sets = kind{name: ops.Set, changes: []string{ops.Add}, queries: []string{ops.Read}, check: integerFor(ops.Add),
	fresh: func() Object { return &set{} }}

func (s *set) change(_ string, argument history.Value, _ Call) Answer {
	e, _ := argument.Int()
	if s.has == nil {
		s.has = make(map[int64]bool, len(s.elements))
		for _, e := range s.elements {
			s.has[e] = true
		}
	}
	if !s.has[e] {
		s.has[e] = true
		s.elements = append(s.elements, e)
	}
	return ok
}

func (s *set) query(string, history.Value) Answer { return answer(integers(s.sorted())) }

func (s *set) sorted() []int64 {
	all := slices.Clone(s.elements)
	slices.Sort(all)
	return all
}

// Clone implements Object.
func (s *set) Clone() Object { return &set{elements: slices.Clip(s.elements)} }

// MarshalJSON implements json.Marshaler.
func (s *set) MarshalJSON() ([]byte, error) { return marshalList(s.sorted()) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *set) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &s.elements) }

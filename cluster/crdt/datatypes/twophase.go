package datatypes

import (
	"maps"
	"slices"

	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// TwoPhaseSet is a set of what was added and not removed. What was removed is there no more, whoever adds it again.
type TwoPhaseSet struct {
	Added   map[int64]bool `json:"added,omitempty"`
	Removed map[int64]bool `json:"removed,omitempty"`
}

func (s *TwoPhaseSet) delta(u Update) (Content, []logical.Dot, error) {
	element, err := integer(u.Argument)
	if u.F == ops.Remove {
		return &TwoPhaseSet{Removed: map[int64]bool{element: true}}, nil, err
	}
	return &TwoPhaseSet{Added: map[int64]bool{element: true}}, nil, err
}

func (s *TwoPhaseSet) join(other Content, _, _ Dots) {
	theirs := other.(*TwoPhaseSet)
	s.Added, s.Removed = union(s.Added, theirs.Added), union(s.Removed, theirs.Removed)
}

func union(a, b map[int64]bool) map[int64]bool {
	if len(b) == 0 {
		return a
	}
	all := maps.Clone(b)
	maps.Copy(all, a)
	return all
}

func (s *TwoPhaseSet) value() history.Value {
	there := maps.Clone(s.Added)
	maps.DeleteFunc(there, func(element int64, _ bool) bool { return s.Removed[element] })
	return integers(slices.Sorted(maps.Keys(there)))
}

package datatypes

import (
	"cmp"
	"maps"
	"slices"

	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/history"
)

// Entries are what updates have put under keys and nothing has taken away: a map from dots (Almeida, Shoker and Baquero 2018). There are
// no tombstones: what a replica has seen and does not have was taken away. It is kept in the order of dots.
type Entries []Entry

// Entry is what an update has put.
type Entry struct {
	logical.Dot
	Time  logical.Lamport `json:"time"`
	Key   int64           `json:"key"`
	Value int64           `json:"value"`
}

func (e Entries) find(dot logical.Dot) (at int, found bool) {
	return slices.BinarySearchFunc(e, dot, func(e Entry, dot logical.Dot) int { return e.Compare(dot) })
}

// seen are the updates that put something under a key, of those that an update has seen.
func (e Entries) seen(u Update, key int64) (dots []logical.Dot) {
	for _, entry := range e {
		if entry.Key == key && u.Context.Includes(entry.Dot) {
			dots = append(dots, entry.Dot)
		}
	}
	return dots
}

// put is what an update puts, and what it takes away: what it has seen under the key.
func (e Entries) put(u Update, key, value int64) (Entries, []logical.Dot) {
	return Entries{{u.Dot, u.Stamp().Time, key, value}}, e.seen(u, key)
}

// joined has what both have, and what one has that the other has not seen.
func (e Entries) joined(other Entries, mine, theirs Dots) (all Entries) {
	for _, entry := range e {
		if _, both := other.find(entry.Dot); both || !theirs.Includes(entry.Dot) {
			all = append(all, entry)
		}
	}
	for _, entry := range other {
		if mine.Includes(entry.Dot) {
			continue
		}
		if _, both := e.find(entry.Dot); !both { // it may be here though it was not seen, by the planted bug removed-come-back
			all = append(all, entry)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return a.Compare(b.Dot) })
	return all
}

// keys are those under which there is something, in order.
func (e Entries) keys() []int64 {
	keys := map[int64]bool{}
	for _, entry := range e {
		keys[entry.Key] = true
	}
	return slices.Sorted(maps.Keys(keys))
}

// ORSet is a set of which an element is there as long as an add of it is that no remove has seen: an add wins over a remove that is
// concurrent with it.
type ORSet struct {
	Entries `json:"entries,omitempty"`
}

func (s *ORSet) delta(u Update) (Content, []logical.Dot, error) {
	element, err := integer(u.Argument)
	if err != nil || u.F == ops.Remove {
		return &ORSet{}, s.seen(u, element), err
	}
	adds, takes := s.put(u, element, 0)
	return &ORSet{adds}, takes, nil
}

func (s *ORSet) join(other Content, mine, theirs Dots) {
	s.Entries = s.joined(other.(*ORSet).Entries, mine, theirs)
}

func (s *ORSet) value() history.Value { return integers(s.keys()) }

// MVRegister is a register of all values that no write has seen: those of concurrent writes, which are called siblings.
type MVRegister struct {
	Entries `json:"entries,omitempty"`
}

func (r *MVRegister) delta(u Update) (Content, []logical.Dot, error) {
	value, err := integer(u.Argument)
	adds, takes := r.put(u, 0, value)
	return &MVRegister{adds}, takes, err
}

func (r *MVRegister) join(other Content, mine, theirs Dots) {
	r.Entries = r.joined(other.(*MVRegister).Entries, mine, theirs)
}

func (r *MVRegister) value() history.Value {
	var values []int64
	for _, entry := range r.Entries {
		values = append(values, entry.Value)
	}
	slices.Sort(values)
	return integers(values)
}

// ORMap is a map whose keys are those of an ORSet. Of concurrent values of a key the last by their stamps is read.
type ORMap struct {
	Entries `json:"entries,omitempty"`
}

func (m *ORMap) delta(u Update) (Content, []logical.Dot, error) {
	if u.F == ops.Remove {
		key, err := integer(u.Argument)
		return &ORMap{}, m.seen(u, key), err
	}
	key, value, err := pair(u.Argument)
	adds, takes := m.put(u, key, value)
	return &ORMap{adds}, takes, err
}

func (m *ORMap) join(other Content, mine, theirs Dots) {
	m.Entries = m.joined(other.(*ORMap).Entries, mine, theirs)
}

func (m *ORMap) value() history.Value {
	byTime := slices.SortedFunc(slices.Values(m.Entries), func(a, b Entry) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Node, b.Node)) })
	values := map[int64]int64{}
	for _, entry := range byTime {
		values[entry.Key] = entry.Value
	}
	return mapping(values)
}

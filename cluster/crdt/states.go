package crdt

import (
	"maps"
	"slices"
)

// states is what is owed where nodes send each other the states of objects: those that have changed since a node got them. A
// process that has started anew does not know what the others got.
type states struct {
	*replica
	changed map[string]map[string]bool // by node and key
}

func startStates(r *replica) (way, error) {
	s := &states{r, map[string]map[string]bool{}}
	for _, node := range r.Others() {
		s.changed[node] = map[string]bool{}
	}
	return startGossip(r, s)
}

func (s *states) took(changes []change) {
	for _, keys := range s.changed {
		for _, c := range changes {
			keys[c.Key] = true
		}
	}
}

// heard spares the others what they have told.
func (s *states) heard(changes []change, from string) {
	for _, c := range changes {
		if c.Object.Seen.Contains(s.objects[c.Key].Seen) {
			delete(s.changed[from], c.Key)
		}
	}
}

func (s *states) to(node string) (changes []change, told func(bool)) {
	for _, key := range slices.Sorted(maps.Keys(s.changed[node])) {
		changes = append(changes, change{key, s.objects[key]})
	}
	clear(s.changed[node])
	return changes, func(ok bool) {
		for _, c := range changes {
			if !ok {
				s.changed[node][c.Key] = true
			}
		}
	}
}

package datatypes

import (
	"encoding/json"
	"slices"

	"faultline/cluster/logical"
	"faultline/history"
)

// Tree is a tree whose nodes can be moved (Kleppmann, Mulligan, Gomes and Beresford 2021). The state is the set of all moves. They are carried out
// in the order of their stamps, and one that would put a node below itself has no effect. A move that comes late undoes those
// that are later, and redoes them after it.
type Tree struct {
	moves  []Move // in the order of stamps
	parent map[int64]int64
}

// Move makes a node a child of another. The root is 0.
type Move struct {
	logical.Stamp
	Child  int64 `json:"child"`
	Parent int64 `json:"parent"`
	before       // it was carried out
}

// before is where a node was before a move, to undo it.
type before struct {
	done, there bool
	parent      int64
}

func (t *Tree) delta(u Update) (Content, []logical.Dot, error) {
	child, parent, err := pair(u.Argument)
	changed := &Tree{}
	changed.take(Move{Stamp: u.Stamp(), Child: child, Parent: parent})
	return changed, nil, err
}

func (t *Tree) join(other Content, _, _ Dots) {
	for _, m := range other.(*Tree).moves {
		t.take(m)
	}
}

func (t *Tree) take(m Move) {
	at, known := slices.BinarySearchFunc(t.moves, m, func(a, b Move) int { return a.Compare(b.Stamp) })
	if known {
		return
	}
	for i := len(t.moves) - 1; i >= at; i-- {
		t.undo(t.moves[i])
	}
	t.moves = slices.Insert(t.moves, at, m)
	for i := at; i < len(t.moves); i++ {
		t.moves[i].before = t.do(t.moves[i])
	}
}

// do carries out a move, and returns what it changed.
func (t *Tree) do(m Move) before {
	if m.Child == 0 || t.below(m.Parent, m.Child) {
		return before{}
	}
	if t.parent == nil {
		t.parent = map[int64]int64{}
	}
	parent, there := t.parent[m.Child]
	t.parent[m.Child] = m.Parent
	return before{true, there, parent}
}

func (t *Tree) undo(m Move) {
	switch {
	case m.there:
		t.parent[m.Child] = m.parent
	case m.done:
		delete(t.parent, m.Child)
	}
}

// below reports whether a node is another one or below it.
func (t *Tree) below(node, top int64) bool {
	for there := true; there; node, there = t.parent[node] {
		if node == top {
			return true
		}
	}
	return false
}

func (t *Tree) value() history.Value { return mapping(t.parent) }

// Moves are all, in the order of their stamps.
func (t *Tree) Moves() []Move { return slices.Clone(t.moves) }

// MarshalJSON implements json.Marshaler.
func (t *Tree) MarshalJSON() ([]byte, error) { return json.Marshal(t.moves) }

// UnmarshalJSON implements json.Unmarshaler.
func (t *Tree) UnmarshalJSON(b []byte) error {
	var moves []Move
	if err := json.Unmarshal(b, &moves); err != nil {
		return err
	}
	for _, m := range moves {
		t.take(m)
	}
	return nil
}

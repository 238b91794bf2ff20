package exact

import "fmt"

// Level is an isolation level.
type Level uint8

const (
	SnapshotIsolation Level = iota + 1
	Serializable
	Prefix
	UpdateSerializable
	ConsistentView // and parallel snapshot isolation, where transactions read their own writes
	UpdateAtomic
	MonotonicView
	CursorStability
)

var levelNames = [...]string{
	SnapshotIsolation: "snapshot-isolation", Serializable: "serializable", Prefix: "prefix", UpdateSerializable: "update-serializable",
	ConsistentView: "consistent-view", UpdateAtomic: "update-atomic", MonotonicView: "monotonic-view", CursorStability: "cursor-stability",
}

func (l Level) String() string {
	if l == 0 || int(l) >= len(levelNames) {
		return fmt.Sprintf("Level(%d)", uint8(l))
	}
	return levelNames[l]
}

// split says that the snapshot of a transaction and its commit are two nodes.
func (l Level) split() bool { return l == SnapshotIsolation || l == Prefix }

// missing says that some anti-dependencies are misses, see edge.
func (l Level) missing() bool {
	return l == UpdateSerializable || l == ConsistentView || l == UpdateAtomic || l == MonotonicView
}

// begin is the node that comes behind whatever a transaction reads.
func (p *problem) begin(t int32) int32 {
	if p.level.split() {
		return 2 * t
	}
	return t
}

// commit is the node that comes before whoever sees a transaction. Of a step, see unfold, that is the last one of its transaction.
func (p *problem) commit(t int32) int32 {
	switch {
	case p.level.split():
		return 2*t + 1
	case p.level == MonotonicView:
		return p.last[t]
	default:
		return t
	}
}

// overwriting is the node of a transaction that comes behind whom it overwrites.
func (p *problem) overwriting(t int32) int32 {
	if p.level == Prefix {
		return p.commit(t)
	}
	return p.begin(t)
}

// anti is the edge from a reader to a node, before which there was what it read of a key; false if the level does not ask for one. A step of a
// transaction has seen what the steps before it have, and not what it reads itself from elsewhere.
func (p *problem) anti(reader, to int32, lit literal, key int32) (e edge, ok bool) {
	e = edge{from: p.begin(reader), to: to, why: readOld, lit: lit, key: key}
	switch p.level {
	case CursorStability:
		return e, p.writes(reader, key)
	case UpdateSerializable:
		e.miss = len(p.versionsOf(reader)) == 0
	case MonotonicView:
		e.miss, e.from = true, reader-1
		return e, reader > 0 && p.h.Session[reader-1] == p.h.Session[reader]
	default:
		e.miss = p.level.missing()
	}
	return e, true
}

// writes tells whether a transaction writes a key.
func (p *problem) writes(t, key int32) bool {
	for _, i := range p.versionsOf(t) {
		if p.keys[i] == key {
			return true
		}
	}
	return false
}

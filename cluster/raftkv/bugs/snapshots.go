package bugs

import (
	"io"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/objects"
	"faultline/cluster/raftkv"
)

// Bugs in what is stored in a snapshot, or made of it. Each comes with snapshots every half second: at the
// default pace one would have to be restored within moments of being taken for what is wrong with it not
// to be overwritten.
var snapshots = []bug{
	{Bug: cluster.Bug{
		Name:    "snapshot-without-sessions",
		Summary: "taking a snapshot drops the table of sessions, from the file and from memory",
		Why: "A later retry is a new command, which undoes the writes in between, or is told that its own cas does not match. A table that is " +
			"compacted with the log is gone when it is needed.",
		File: "cluster/raftkv/bugs/snapshots.go"},
		parts: raftkv.Parts{Config: alwaysSnapshots, FSM: snapshotWithoutSessions}},
	{Bug: cluster.Bug{
		Name:    "snapshot-loses-a-key",
		Summary: "a snapshot leaves out the last key",
		Why:     "Off by one. Nobody misses the key until a node restores the snapshot and becomes the leader.",
		File:    "cluster/raftkv/bugs/snapshots.go"},
		parts: raftkv.Parts{Config: oftenSnapshots, FSM: storing(func(s *raftkv.State) {
			if keys := slices.Sorted(maps.Keys(s.Values())); len(keys) > 0 {
				delete(s.Values(), keys[len(keys)-1])
			}
			if ids := s.Objects().IDs(); len(ids) > 0 {
				delete(s.Objects(), ids[len(ids)-1])
			}
		})}},
	{Bug: cluster.Bug{
		Name:    "torn-snapshot",
		Summary: "a snapshot copies the values when it is taken, and the session table 50 ms later, when it is written",
		Why: "The table belongs to a later index than the snapshot claims. Commands in between are in the table and not in the values: a node " +
			"that restores it skips them as retries.",
		File: "cluster/raftkv/bugs/snapshots.go"},
		parts: raftkv.Parts{Config: oftenSnapshots, FSM: tornSnapshot}},
	{Bug: cluster.Bug{
		Name:    "restore-keeps-values",
		Summary: "a restore adds missing keys, and leaves existing ones unchanged",
		Why: "A node that was far behind and gets a snapshot keeps its old values. raft.FSM: the FSM must discard all previous state before " +
			"restoring.",
		File: "cluster/raftkv/bugs/snapshots.go"},
		parts: raftkv.Parts{Config: oftenSnapshots, FSM: restoring(restoreKeepsValues)}},
	{Bug: cluster.Bug{
		Name:    "delete-resurrects",
		Summary: "a restore overwrites the keys that are in the snapshot, and keeps those that are not",
		Why: "A snapshot does not mention deleted keys: a node that was away still has them, and returns them when it leads. In Cassandra, " +
			"deletes are undone by a replica that returns after their tombstones were collected.",
		File:     "cluster/raftkv/bugs/snapshots.go",
		Workload: "lifecycle", Ops: []string{"delete"}},
		parts: raftkv.Parts{Config: oftenSnapshots, FSM: restoring(deleteResurrects)}},
}

// oftenSnapshots are taken when there are a few entries. That makes no difference at the default load, of which half a second
// has dozens, and lets a test of a few operations show the bug.
func oftenSnapshots(c *raftkv.Config) {
	c.Raft.SnapshotInterval, c.Raft.SnapshotThreshold, c.Raft.TrailingLogs = 500*time.Millisecond, 4, 2
}

func snapshotWithoutSessions(_ *raftkv.Node, m raftkv.FSM) raft.FSM {
	return &storer{m, func(s *raftkv.State) {
		s.ForgetSessions()
		m.Change((*raftkv.State).ForgetSessions)
	}}
}

// alwaysSnapshots come between almost any command and its retry: those are tens of milliseconds apart, once
// a new leader has learned what the old one committed.
func alwaysSnapshots(c *raftkv.Config) {
	c.Raft.SnapshotInterval, c.Raft.SnapshotThreshold, c.Raft.TrailingLogs = 20*time.Millisecond, 1, 1<<20
}

// storing makes a decorator that changes every snapshot before it is stored.
func storing(change func(*raftkv.State)) func(*raftkv.Node, raftkv.FSM) raft.FSM {
	return func(_ *raftkv.Node, m raftkv.FSM) raft.FSM { return &storer{m, change} }
}

type storer struct {
	raftkv.FSM
	change func(*raftkv.State)
}

func (s *storer) Snapshot() (raft.FSMSnapshot, error) {
	snapshot, err := s.FSM.Snapshot()
	if err == nil {
		snapshot.(raftkv.Image).Change(s.change)
	}
	return snapshot, err
}

func tornSnapshot(_ *raftkv.Node, m raftkv.FSM) raft.FSM { return &tearer{m} }

type tearer struct{ raftkv.FSM }

func (t *tearer) Snapshot() (raft.FSMSnapshot, error) {
	snapshot, err := t.FSM.Snapshot()
	if err != nil {
		return nil, err
	}
	return &torn{snapshot.(raftkv.Image), t.FSM}, nil
}

type torn struct {
	raftkv.Image
	machine raftkv.FSM
}

func (t *torn) Persist(sink raft.SnapshotSink) error {
	time.Sleep(50 * time.Millisecond)
	t.machine.Change(func(now *raftkv.State) {
		t.Change(func(s *raftkv.State) { s.SetSessions(now) })
	})
	return t.Image.Persist(sink)
}

func restoreKeepsValues(restored *raftkv.State, before content) {
	maps.Copy(restored.Values(), before.values)
	maps.Copy(restored.Objects(), before.objects)
}

func deleteResurrects(restored *raftkv.State, before content) {
	for k, v := range before.values {
		if _, ok := restored.Values()[k]; !ok {
			restored.Values()[k] = v
		}
	}
}

// content is what a state has of keys and objects.
type content struct {
	values  map[string]string
	objects objects.State
}

// restoring makes a decorator that changes the state after a restore, given what it had before.
func restoring(merge func(restored *raftkv.State, before content)) func(*raftkv.Node, raftkv.FSM) raft.FSM {
	return func(_ *raftkv.Node, m raftkv.FSM) raft.FSM { return &keeper{m, merge} }
}

type keeper struct {
	raftkv.FSM
	merge func(restored *raftkv.State, before content)
}

func (k *keeper) Restore(r io.ReadCloser) error {
	var before content
	k.Change(func(s *raftkv.State) { before = content{maps.Clone(s.Values()), s.Objects().Clone()} })
	if err := k.FSM.Restore(r); err != nil {
		return err
	}
	k.Change(func(s *raftkv.State) { k.merge(s, before) })
	return nil
}

package bugs

import (
	"sync"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/raftkv"
)

// Bugs in how a node stores its log, its term and its vote.
var storage = []bug{
	{Bug: cluster.Bug{
		Name:    "log-not-synced",
		Summary: "entries are written and not synced",
		Why: "A power loss on a majority takes acknowledged writes. So do Redis-Raft, and every database whose fsync was switched off for a " +
			"benchmark.",
		File: "cluster/raftkv/bugs/storage.go"},
		parts: raftkv.Parts{Logs: func(n *raftkv.Node, _ raft.LogStore) raft.LogStore {
			return n.UnsyncedLogs()
		}}},
	{Bug: cluster.Bug{
		Name:    "vote-forgotten",
		Summary: "a node does not store its vote",
		Why: "It votes for every candidate that asks: two leaders in one term, each with a majority. The vote must be on disk before it is " +
			"given (Raft, figure 2).",
		File: "cluster/raftkv/bugs/storage.go"},
		parts: raftkv.Parts{Config: hastyElections,
			Stable: func(_ *raftkv.Node, s raft.StableStore) raft.StableStore { return &forgetful{s} }}},
	{Bug: cluster.Bug{
		Name:    "term-stored-late",
		Summary: "a vote is stored at once and the term ten seconds later; a crash in between loses the term",
		Why:     "Term and vote are written separately. A node that restarts in an old term takes part in elections that were decided long ago.",
		File:    "cluster/raftkv/bugs/storage.go"},
		parts: raftkv.Parts{Stable: func(_ *raftkv.Node, s raft.StableStore) raft.StableStore { return &late{StableStore: s} }}},
	{Bug: cluster.Bug{
		Name:    "conflicts-kept",
		Summary: "entries that conflict with the leader's are not removed; the leader's are stored after them",
		Why: "A node that took entries of a deposed leader keeps and applies them, and all later ones are in the wrong place. Truncation is " +
			"the part of an append-only log that is easily forgotten.",
		File: "cluster/raftkv/bugs/storage.go"},
		parts: raftkv.Parts{Logs: func(_ *raftkv.Node, l raft.LogStore) raft.LogStore { return &conflicts{LogStore: l} }}},
}

// The keys under which raft stores these.
const (
	keyTerm     = "CurrentTerm"
	keyVoteTerm = "LastVoteTerm"
	keyVote     = "LastVoteCand"
)

// hastyElections have several candidates at once, as on a network that is slow for its time-outs. At the
// default ones there are two in the same few milliseconds once in many runs.
func hastyElections(c *raftkv.Config) {
	c.Raft.HeartbeatTimeout, c.Raft.ElectionTimeout, c.Raft.LeaderLeaseTimeout = 50*time.Millisecond, 50*time.Millisecond, 50*time.Millisecond
	c.Lease = 25 * time.Millisecond
}

type forgetful struct{ raft.StableStore }

func (f *forgetful) Set(key, value []byte) error {
	if string(key) == keyVote {
		return nil
	}
	return f.StableStore.Set(key, value)
}

func (f *forgetful) SetUint64(key []byte, n uint64) error {
	if string(key) == keyVoteTerm {
		return nil
	}
	return f.StableStore.SetUint64(key, n)
}

// late keeps the term in memory for a while.
type late struct {
	raft.StableStore
	mu   sync.Mutex
	term uint64 // 0 if it was not set yet
}

func (s *late) SetUint64(key []byte, n uint64) error {
	if string(key) != keyTerm {
		return s.StableStore.SetUint64(key, n)
	}
	s.mu.Lock()
	s.term = n
	s.mu.Unlock()
	time.AfterFunc(10*time.Second, func() { _ = s.StableStore.SetUint64(key, n) }) // a dead node's goes nowhere
	return nil
}

func (s *late) GetUint64(key []byte) (uint64, error) {
	s.mu.Lock()
	term := s.term
	s.mu.Unlock()
	if string(key) == keyTerm && term != 0 {
		return term, nil
	}
	return s.StableStore.GetUint64(key)
}

// conflicts is a log as a file to which records are only ever appended. An entry that comes after a removal
// lies further behind than its index says, and is found there by an index that is not its own.
type conflicts struct {
	raft.LogStore
	mu      sync.Mutex
	removed uint64 // how many entries should not be there
}

func (c *conflicts) DeleteRange(min, max uint64) error {
	first, err := c.FirstIndex()
	if err != nil {
		return err
	}
	if min <= first { // what a snapshot holds
		return c.LogStore.DeleteRange(min, max)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.removed += max - min + 1
	return nil
}

func (c *conflicts) StoreLog(l *raft.Log) error { return c.StoreLogs([]*raft.Log{l}) }

func (c *conflicts) StoreLogs(logs []*raft.Log) error {
	last, err := c.LastIndex()
	if err != nil {
		return err
	}
	return c.LogStore.StoreLogs(c.placed(logs, last))
}

// placed returns the entries with the indexes of where they come to lie, in a log that ends with last.
func (c *conflicts) placed(logs []*raft.Log, last uint64) []*raft.Log {
	c.mu.Lock()
	defer c.mu.Unlock()
	if logs[0].Index > last { // behind an installed snapshot, or there was no conflict
		c.removed = 0
		return logs
	}
	var placed []*raft.Log
	for _, l := range logs {
		there := *l
		there.Index += c.removed
		placed = append(placed, &there)
	}
	return placed
}

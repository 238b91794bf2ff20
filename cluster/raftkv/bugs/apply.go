package bugs

import (
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/raftkv"
)

// Bugs in how a node applies entries to its state.
var applies = []bug{
	{Bug: cluster.Bug{
		Name:    "retries-applied-twice",
		Summary: "a command that a client sends again is applied again",
		Why: "The first may have been applied though its answer was lost; the second undoes the writes in between. This is why Raft has " +
			"sessions (Ongaro 2014, 6.3).",
		File: "cluster/raftkv/bugs/apply.go"},
		parts: raftkv.Parts{FSM: applying(retriesTwice)}},
	{Bug: cluster.Bug{
		Name:    "lost-in-batch",
		Summary: "of several writes applied in one batch only the last takes effect",
		Why:     "A buffer of writes that has room for one. Batches are small while all is well, so tests with one client never see it.",
		File:    "cluster/raftkv/bugs/batches.go"},
		parts: raftkv.Parts{FSM: lostInBatch}},
	{Bug: cluster.Bug{
		Name:    "map-order",
		Summary: "commands of one batch are grouped by client in a map, and applied in the map's order",
		Why: "Each client's commands stay in order, but every node orders the clients differently: replicas diverge. Map iteration is the " +
			"classic leak of randomness into a state machine.",
		File: "cluster/raftkv/bugs/batches.go"},
		parts: raftkv.Parts{FSM: mapOrder}},
	{Bug: cluster.Bug{
		Name:    "local-clock",
		Summary: "a write to a key within a millisecond of the last one, by the node's clock, is dropped as a duplicate",
		Why: "A node that catches up or restarts applies in an instant what took others seconds, and drops most of it. Time must come with the " +
			"command.",
		File: "cluster/raftkv/bugs/apply.go"},
		parts: raftkv.Parts{FSM: applying(localClock)}},
	{Bug: cluster.Bug{
		Name:    "leader-compares",
		Summary: "the leader compares a cas, and followers write without comparing",
		Why:     "They also write when the comparison failed. A state machine that depends on its node's role is not the same on all nodes.",
		File:    "cluster/raftkv/bugs/apply.go", Workload: "register", Ops: []string{"cas"}},
		parts: raftkv.Parts{FSM: applying(leaderCompares)}},
	{Bug: cluster.Bug{
		Name:    "restart-skips-replay",
		Summary: "a node that restarts treats the entries on its disk as applied",
		Why: "The part of the state that was only in memory is lost. etcd 3.5.0 to 3.5.2 stored the index of applied entries before the " +
			"entries, and lost some in a crash.",
		File: "cluster/raftkv/bugs/apply.go"},
		parts: raftkv.Parts{FSM: applying(restartSkipsReplay)}},
	{Bug: cluster.Bug{
		Name:    "apply-before-commit",
		Summary: "a node applies entries as soon as they are in its log",
		Why: "An entry that another leader replaces is never undone: the node's state holds writes that never happened, even after the log is " +
			"corrected.",
		File: "cluster/raftkv/bugs/apply.go"},
		parts: raftkv.Parts{Logs: applyBeforeCommit}},
}

// apply applies an entry, or does something else in place of it.
type apply func(*raft.Log) any

// applying makes a decorator of a way to apply entries, given the node and the right way.
func applying(wrong func(*raftkv.Node, apply) apply) func(*raftkv.Node, raftkv.FSM) raft.FSM {
	return func(n *raftkv.Node, m raftkv.FSM) raft.FSM { return &applier{m, wrong(n, m.Apply)} }
}

type applier struct {
	raftkv.FSM
	apply apply
}

func (a *applier) Apply(l *raft.Log) any { return a.apply(l) }

// skip answers for an entry that is not applied.
func skip(m raftkv.FSM, l *raft.Log) any {
	m.Skip(l.Index)
	return raftkv.Result{Matched: true, Index: l.Index}
}

func retriesTwice(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		n.FSM().Change((*raftkv.State).ForgetSessions)
		return next(l)
	}
}

func localClock(n *raftkv.Node, next apply) apply {
	const apart = time.Millisecond
	last := map[string]time.Time{}
	return func(l *raft.Log) any {
		c, ok := raftkv.DecodeCommand(l)
		if !ok || !puts(&c) {
			return next(l)
		}
		before, now := last[c.Key], time.Now()
		last[c.Key] = now
		if now.Sub(before) < apart {
			return skip(n.FSM(), l)
		}
		return next(l)
	}
}

func leaderCompares(n *raftkv.Node, next apply) apply {
	return func(l *raft.Log) any {
		if c, ok := raftkv.DecodeCommand(l); ok && c.Op == raftkv.OpCAS && !n.Leads() {
			c.Op = raftkv.OpPut
			l = raftkv.EncodeCommand(l, c)
		}
		return next(l)
	}
}

func restartSkipsReplay(n *raftkv.Node, next apply) apply {
	found, err := n.Logs().LastIndex()
	if err != nil {
		found = 0
	}
	return func(l *raft.Log) any {
		if l.Index <= found {
			return skip(n.FSM(), l)
		}
		return next(l)
	}
}

func applyBeforeCommit(n *raftkv.Node, logs raft.LogStore) raft.LogStore {
	return &earlyApplier{LogStore: logs, node: n}
}

// earlyApplier applies what is stored. When raft applies it too, the session table takes it for a retry.
type earlyApplier struct {
	raft.LogStore
	node *raftkv.Node
}

func (e *earlyApplier) StoreLog(l *raft.Log) error { return e.StoreLogs([]*raft.Log{l}) }

func (e *earlyApplier) StoreLogs(logs []*raft.Log) error {
	if err := e.LogStore.StoreLogs(logs); err != nil {
		return err
	}
	for _, l := range logs {
		if _, ok := raftkv.DecodeCommand(l); ok {
			e.node.FSM().Apply(l)
		}
	}
	return nil
}

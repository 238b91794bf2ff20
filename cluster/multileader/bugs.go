package multileader

import (
	"faultline/cluster"
	"faultline/cluster/logical"
	"faultline/cluster/ops"
	"faultline/cluster/versioned"
)

const bugsFile = "cluster/multileader/bugs.go"

// causal is what the mode of that name keeps.
var causal = []string{"causal-convergence"}

// ofSiblings are the operations that show what becomes of siblings.
var ofSiblings = []string{ops.Of(ops.Siblings, ops.Read), ops.Of(ops.Siblings, ops.Write)}

var bugs = cluster.Bugs[*leader]{
	{Bug: cluster.Bug{Name: "reply-before-question", File: bugsFile, Mode: "causal", Models: causal,
		Summary: "a node shows an update before the updates that it depends on",
		Why: "a reader there sees a reply without the question; MySQL's circular replication and CouchDB send updates without their " +
			"dependencies"},
		Plant: func(l *leader) { l.ready = func(update) bool { return true } }},
	{Bug: cluster.Bug{Name: "session-forgotten", File: bugsFile, Mode: "causal", Models: causal, Canary: true,
		Summary: "a node serves a client that has seen more elsewhere",
		Why:     "a client that moves to another node goes back in time"},
		Plant: func(l *leader) { l.met = func(logical.Vector) bool { return true } }},
	{Bug: cluster.Bug{Name: "clock-not-advanced", File: bugsFile, Mode: "causal", Models: causal,
		Summary: "an update of another node does not advance a Lamport clock",
		Why:     "a write gets an earlier time than the one that its client had read, and loses against it"},
		Plant: clockNotAdvanced},
	{Bug: cluster.Bug{Name: "received-replaces", File: bugsFile, Mode: "siblings", Ops: ofSiblings, Workload: "siblings",
		Summary: "a node replaces its own value of a key by the one that it receives",
		Why:     "a write that it had taken itself meanwhile is lost, although it was acknowledged"},
		Plant: func(l *leader) { l.rule = func(_, told versioned.Object) versioned.Object { return told } }},
	{Bug: cluster.Bug{Name: "sync-later", File: bugsFile, Mode: "siblings", Ops: ofSiblings, Workload: "siblings",
		Summary: "a node acknowledges a write before it is on the disk",
		Why:     "a power loss takes it, and the next write gets its number, which others already know; so does Redis with appendfsync everysec"},
		Plant: syncLater},
}

func clockNotAdvanced(l *leader) {
	l.hear = func(at logical.Hybrid) {}
}

// syncLater stores an update when the next one comes.
func syncLater(l *leader) {
	real := l.keep
	var waiting []update
	l.keep = func(u update) error {
		waiting = append(waiting, u)
		if len(waiting) < 2 {
			return nil
		}
		first := waiting[0]
		waiting = waiting[1:]
		return real(first)
	}
}

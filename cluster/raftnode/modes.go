package raftnode

import "faultline/cluster"

// The ways to read that hashicorp/raft offers, as modes. They claim what they do whatever is replicated.
var (
	LogMode = cluster.Mode{Name: "log",
		Claims:    "linearizable",
		Model:     "linearizable",
		Doc:       "a read is an entry in the log",
		Resembles: "rqlite's strong; a read in a transaction of etcd that writes",
		Way:       "a round trip to a majority and a sync",
		Keeps:     []string{"linearizable", "eventual"}}
	VerifyMode = cluster.Mode{Name: "verify",
		Claims:    "linearizable",
		Model:     "linearizable",
		Unless:    "answers reach the leader late, as after it was paused",
		BrokenBy:  []string{"pause", "delay", "loss", "throttle", "reorder"},
		Doc:       "the leader, once raft's VerifyLeader confirms it",
		Resembles: "Consul's consistent",
		Way:       "a round trip to a majority",
		Keeps:     []string{"consistent-prefix", "eventual"}}
	LeaderMode = cluster.Mode{Name: "leader",
		Claims:    "linearizable while the leader does not change",
		Model:     "linearizable",
		Unless:    "another node is elected: it leads before it has applied what was acknowledged",
		BrokenBy:  elections,
		Doc:       "any node that believes that it leads",
		Resembles: "Consul's default, rqlite's weak",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}}
	StaleMode = cluster.Mode{Name: "stale",
		Claims:    "consistent prefix, eventual",
		Model:     "consistent-prefix",
		Doc:       "any node, at once",
		Resembles: "etcd's serializable, Consul's stale, rqlite's none, Cosmos DB's consistent prefix",
		Way:       "nothing",
		Keeps:     []string{"consistent-prefix", "eventual"}}
)

// elections are the families of faults under which another node may be elected. The others are clock, as raft goes by monotonic time,
// load, and duplicate.
var elections = []string{
	"partition", "crash", "pause", "transfer", "membership", "oneway", "chase", "flap", "delay", "loss", "throttle", "reorder", "reset",
	"disk-slow", "disk-stuck", "disk-error", "disk-full", "bit-flip", "crash-at", "crash-loop", "rolling-restart", "older-snapshot",
}

package raftstore

import "faultline/cluster/disk"

// The points. A death at LogWrite leaves nothing of the entries that were to be written, one at LogSync
// leaves them, though nobody was told that they are stored.
const (
	LogWrite  disk.Point = "log-write" // before entries are written
	LogSync   disk.Point = "log-sync"  // when entries are written and not yet synced
	VoteWrite disk.Point = "vote"      // between the two writes of a vote, its term and its candidate
	Snapshot  disk.Point = "snapshot"  // when a snapshot is written, before it exists
	Restore   disk.Point = "restore"   // when the state is about to be restored from a snapshot
)

// The keys under which raft keeps its term, and for whom it voted, after the term in which it did.
const (
	termKey      = "CurrentTerm"
	candidateKey = "LastVoteCand"
)

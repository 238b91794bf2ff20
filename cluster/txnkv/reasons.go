package txnkv

import (
	"errors"
	"fmt"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/history"
)

// Reasons for which a transaction is aborted.
var (
	errLeaderChanged = errors.New("leader-changed")
	errIdle          = errors.New("idle")
	errSuperseded    = errors.New("superseded")
	errRolledBack    = errors.New("rolled-back")
	errWriteConflict = errors.New(history.WriteConflict)
	errNotAList      = errors.New("not-a-list")
	errEnded         = errors.New("ended")
	errDied          = errors.New("died")
	errRefused       = errors.New("participant-refused")
	errUndecided     = errors.New("undecided")
	errCoordinator   = errors.New("coordinator-aborted")
)

// deadlock is why a transaction was aborted that was the youngest of those that waited for each other.
type deadlock struct{ cycle string }

func (d *deadlock) Error() string { return history.Deadlock + ": " + d.cycle }

// lockTimeout is why a transaction was aborted that has waited too long.
type lockTimeout struct{ wait string }

func (l *lockTimeout) Error() string { return "lock-timeout: " + l.wait }

// danger is why a transaction was aborted that might have made others not serializable.
type danger struct{ structure string }

func (d *danger) Error() string { return history.DangerousStructure + ": " + d.structure }

// refusal is why a transaction was aborted that a shard has not prepared.
type refusal struct {
	shard int
	why   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%v: shard %d: %s", errRefused, r.shard, r.why) }
func (r *refusal) Unwrap() error { return errRefused }

// meanings is what errors of raft, and the end of the term, mean for a commit.
var meanings = raftnode.Meanings(
	raftnode.Meaning{Error: cluster.Error{Name: errCoordinator.Error(), Definite: true,
		Why: "the coordinator of the transaction has aborted it"}, Err: errCoordinator},
	raftnode.Meaning{Error: cluster.Error{Name: errRefused.Error(), Definite: true,
		Why: "a shard did not prepare the transaction, so its coordinator has not committed it"}, Err: errRefused},
	raftnode.Meaning{Error: cluster.Error{Name: errLeaderChanged.Error(), Definite: true,
		Why: "the transaction began in an earlier term, whose commands the log no longer takes"}, Err: errLeaderChanged},
)

// aborts are what a client is told of a transaction that was aborted. After the name may come who was in the way.
var aborts = []cluster.Error{
	{Name: history.Deadlock, Definite: true, Why: "the transaction was the youngest of several that waited for each other"},
	{Name: "lock-timeout", Definite: true, Why: "the transaction waited too long for a lock"},
	{Name: errWriteConflict.Error(), Definite: true, Why: "another transaction first committed a key that this one writes"},
	{Name: history.DangerousStructure, Definite: true, Why: "with this transaction others might not be serializable"},
	{Name: errNotAList.Error(), Definite: true, Why: "the transaction appends to a value that is not a list"},
	{Name: errIdle.Error(), Definite: true, Why: "the client sent nothing for a while"},
	{Name: errSuperseded.Error(), Definite: true, Why: "its client has begun another transaction"},
	{Name: errSnapshotGone.Error(), Definite: true, Why: "a read was refused: the node does not yet have the snapshot, or no longer"},
}

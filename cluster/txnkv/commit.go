package txnkv

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/txnkv/ssi"
)

// enqueueTimeout bounds how long an entry may wait for raft's main loop. It says nothing about how long replication takes: the
// client has its own time-out.
const enqueueTimeout = 500 * time.Millisecond

// commit makes what a transaction has written take effect, in one entry of the log. It keeps its locks until that is applied. If it has
// branches on other shards, this one is their coordinator.
func (e *engine) commit(t *txn, others []participant) rpc.Response {
	if err := e.validate(t); err != nil {
		e.tell(t, others, false)
		return e.aborted(err.Error())
	}
	waiting, err := e.votes(t, others)
	var index uint64
	if err == nil {
		index, err = e.replicate(t, others, waiting)
	}
	if err == nil && e.mode.clocks && len(t.changes) > 0 {
		e.pass(t.stamp)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err == nil {
		if e.mode.across {
			t.stamp = index
		}
		e.committed(t, index)
		e.system.committed.Add(1)
		e.tell(t, waiting, true)
		return e.done(t)
	}
	m := raftnode.MeaningIn(meanings, err)
	if m.Definite {
		e.tell(t, others, false)
	}
	return e.notCommitted(t, m, err)
}

// notCommitted ends a transaction that the log did not take, or of which nobody knows whether it did. The caller holds mu.
func (e *engine) notCommitted(t *txn, m raftnode.Meaning, err error) rpc.Response {
	if !m.Definite {
		e.doubt = true
		e.end(t, unsure)
		return rpc.Unsure(e.term, m.Name)
	}
	if !errors.As(err, new(*refusal)) {
		err = errors.New(m.Name)
	}
	e.abort(t, err)
	return e.aborted(err.Error())
}

// validate lets a transaction commit, or aborts it. From then on it is certain, but for the log.
func (e *engine) validate(t *txn) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := t.alive(); err != nil {
		return err
	}
	if err := e.validated(t); err != nil {
		e.abort(t, e.named(err))
		return errors.New(t.why)
	}
	t.state = committing
	if e.mode.clocks {
		t.stamp = e.give(0)
	}
	return nil
}

// validated is what snapshots take: the first to commit a key wins, and no dangerous structure is completed.
func (e *engine) validated(t *txn) error {
	if !e.mode.snapshots {
		return nil
	}
	if err := e.first(e, t); err != nil {
		return err
	}
	if e.mode.conflicts {
		if err := e.conflicts.Allow(ssi.Owner(t.owner)); err != nil {
			return err
		}
	}
	for _, c := range t.changes {
		e.writers[c.Key] = t
	}
	return nil
}

// firstToCommit reports whether a transaction is the first to commit what it writes, of those that are concurrent with it.
func (e *engine) firstToCommit(t *txn) error {
	for _, c := range t.changes {
		if other := e.writers[c.Key]; other != nil && other != t {
			return fmt.Errorf("%w: %s, %v commits it", errWriteConflict, c.Key, other.id)
		}
		if e.machine.written(c.Key) > t.snapshot {
			return fmt.Errorf("%w: %s was committed since the transaction began", errWriteConflict, c.Key)
		}
	}
	return nil
}

// replicate has the log take what a transaction has written, and returns where. Who has written nothing needs no entry: it has to
// be certain that what it read was committed, by a leader that was not deposed.
func (e *engine) replicate(t *txn, others, waiting []participant) (index uint64, err error) {
	switch {
	case len(t.changes) == 0 && e.mode.clocks:
		return e.append(entry{Kind: closes, Term: e.term, Stamp: t.stamp})
	case len(t.changes) == 0 && len(waiting) == 0:
		return e.onlyRead(e.mode.confirmed || len(others) > 0 && !e.mode.snapshots)
	}
	n := entry{Kind: commits, Txn: t.id, Term: e.term, Changes: t.changes, Commit: len(waiting) > 0, Stamp: t.stamp}
	if e.mode.conflicts {
		n.Safe = e.safe()
	}
	return e.append(n)
}

// log has an entry applied that has no effect unless it is of its term.
func (r *replica) log(n entry) (index uint64, err error) {
	out, index, err := r.Apply(n.encode(), enqueueTimeout)
	if err == nil && out.(result).Fenced {
		err = errLeaderChanged
	}
	return index, err
}

// safe is the latest snapshot that is known to be safe.
func (e *engine) safe() stamp {
	e.mu.Lock()
	defer e.mu.Unlock()
	all, _ := e.machine.now()
	return e.conflicts.Safe(all)
}

// onlyRead returns the last index that is applied, if this node leads in the term of the engine: as it knows, or as a majority confirms.
// Without a majority another leader may have committed something since; but nothing that this node has applied.
func (e *engine) onlyRead(confirmed bool) (index uint64, err error) {
	index, _ = e.machine.now()
	if confirmed && !e.confirm.Majority(e.term) {
		return 0, raftnode.ErrNotConfirmed
	}
	if term, err := e.Leads(); err != nil || term != e.term {
		return 0, errLeaderChanged
	}
	return index, nil
}

// committed ends a transaction that is. The caller holds mu.
func (e *engine) committed(t *txn, index uint64) {
	t.index = index
	if e.closed {
		return
	}
	if e.mode.conflicts {
		e.remember(&e.conflicts, ssi.Owner(t.owner), index)
	}
	e.end(t, ended)
}

// rollBack aborts a transaction because its client says so.
func (e *engine) rollBack(t *txn) rpc.Response {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.abort(t, errRolledBack)
	return e.aborted(t.why)
}

// outcome answers for a transaction that the engine does not know. If it began in an earlier term it is committed by now or never: all
// entries of earlier terms that ever are come before the first of this one.
func (e *engine) outcome(q request) rpc.Response {
	index, is := e.machine.outcome(q.Txn)
	switch {
	case is:
		return e.done(&txn{id: q.Txn, index: index})
	case q.Term > e.term:
		return rpc.Refuse(e.term, raft.ErrNotLeader.Error(), "")
	default:
		return e.aborted(errLeaderChanged.Error())
	}
}

// done is the response to a commit.
func (e *engine) done(t *txn) rpc.Response {
	return rpc.Answer(e.term, fmt.Sprintf("%v, index %d", t.id, t.index), answer{Index: t.index})
}

// aborted is the response for a transaction that has ended without effect.
func (e *engine) aborted(why string) rpc.Response {
	return rpc.Answer(e.term, "aborted: "+why, answer{Aborted: why})
}

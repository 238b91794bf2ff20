package txnkv

import (
	"time"

	"faultline/cluster/raftnode"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/txnkv/locks"
	"faultline/history"
)

// prepare promises to commit a branch if the coordinator decides so. What the branch has written is in the log then, so that the next
// leader keeps the promise. A branch that has only read has ended.
func (e *engine) prepare(t *txn, q request) rpc.Response {
	if err := e.validate(t); err != nil {
		return e.aborted(err.Error())
	}
	index, err := e.vote(e, t, q)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case err != nil:
		return e.notCommitted(t, raftnode.MeaningIn(meanings, err), err)
	case len(t.changes) == 0 && !e.mode.clocks:
		e.committed(t, index)
		return rpc.Answer(e.term, "has only read", answer{})
	}
	t.state, t.coordinator, t.heard = prepared, q.Coordinator, time.Now()
	return rpc.Answer(e.term, "prepared", answer{Waits: true, Index: t.stamp})
}

// promise has the log take what a branch has written, and confirms that it has had its locks until now.
func (e *engine) promise(t *txn, q request) (index uint64, err error) {
	if e.mode.clocks {
		e.mu.Lock()
		t.stamp = e.give(q.At)
		e.mu.Unlock()
	}
	switch {
	case len(t.changes) > 0:
		index, err = e.append(entry{Kind: prepares, Txn: t.id, Term: e.term, Changes: t.changes, Coordinator: q.Coordinator, Stamp: t.stamp})
		if err == nil && !e.machine.waits(t.id) { // the coordinator has given up meanwhile
			err = errCoordinator
		}
		return index, err
	case e.mode.clocks:
		return e.append(entry{Kind: closes, Term: e.term, Stamp: t.stamp})
	default:
		return e.onlyRead(!e.mode.snapshots)
	}
}

// inherit takes over a transaction that an earlier leader has prepared: it has the keys to itself that it has written.
func (e *engine) inherit(p entry) {
	t := e.add(p.Txn)
	t.state, t.coordinator, t.changes, t.stamp = prepared, p.Coordinator, p.Changes, p.Stamp
	for _, c := range p.Changes {
		_, _ = e.locks.Acquire(t.owner, locks.Exclusive(c.Key)) // nobody else has any
		v, err := c.to(e.seen(t, c.Key))
		if err != nil {
			v = history.NilValue() // never: the leader before has looked
		}
		t.pending[c.Key], e.writers[c.Key] = v, t
	}
}

// obey does what the coordinator of a transaction has decided.
func (e *engine) obey(q request) rpc.Response {
	e.mu.Lock()
	is := ended
	if t := e.find(q.Txn); t != nil {
		is = t.state
		if is == active {
			e.abort(t, errCoordinator)
		}
	}
	e.mu.Unlock()
	switch {
	case is == prepared || e.machine.waits(q.Txn):
		return e.carryOut(q.Txn, q.Commit, q.At)
	case is == committing: // it is being prepared
		return rpc.Refuse(e.term, errUndecided.Error(), "")
	default:
		return rpc.Answer(e.term, "done", answer{})
	}
}

// carryOut logs the decision about a transaction that is prepared. It holds in every term.
func (e *engine) carryOut(i id, commit bool, at stamp) rpc.Response {
	var index uint64
	if e.machine.waits(i) { // else it has only read
		n := entry{Kind: decides, Txn: i, Commit: commit}
		if e.mode.clocks || e.mode.across { // else each shard has an order of its own
			n.Stamp = at
		}
		var err error
		if _, index, err = e.Apply(n.encode(), enqueueTimeout); err != nil {
			return e.refused(err)
		}
	}
	e.system.doubts.over(i, e.shard)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch t := e.find(i); {
	case t == nil || t.state != prepared:
	case commit:
		e.committed(t, index)
	default:
		e.abort(t, errCoordinator)
	}
	return rpc.Answer(e.term, "done", answer{Index: index})
}

// doubtAfter is how long a participant waits to be told before it asks.
const doubtAfter = 300 * time.Millisecond

// inquire asks the coordinators of transactions that are in doubt.
func (e *engine) inquire() {
	e.mu.Lock()
	var all []*txn
	for _, t := range e.active {
		if t.state == prepared && time.Since(t.heard) > doubtAfter {
			t.heard = time.Now()
			all = append(all, t)
		}
	}
	e.mu.Unlock()
	for _, t := range all {
		e.system.doubts.notice(e.Process, t.id, e.shard, t.coordinator.Shard)
		e.Process.Go(func() { e.ask(t.id, t.coordinator) })
	}
}

func (e *engine) ask(t id, coordinator participant) {
	a, out := e.colleagues.ask(coordinator.Shard, asksOutcome, request{Txn: t, Term: coordinator.Term})
	if out.Type == history.OK {
		e.carryOut(t, a.Commit, a.Index)
	}
}

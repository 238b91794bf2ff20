package txnkv

import (
	"fmt"
	"strings"

	"faultline/cluster/ops"
	"faultline/cluster/txnkv/locks"
)

// holding does something with mu held while a transaction has a lock, for as long as the mode says.
func (e *engine) holding(t *txn, l locks.Lock, how lasting, do func()) error {
	e.mu.Lock()
	has := e.locks.Holds(t.owner, l)
	e.mu.Unlock()
	if how != never {
		if err := e.lock(t, l); err != nil {
			return err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if how == briefly && !has {
		defer e.locks.Release(t.owner, l)
	}
	if err := t.alive(); err != nil {
		return err
	}
	do()
	return nil
}

// lock waits for a lock, for a bounded time. A transaction that gets an error has to abort.
func (e *engine) lock(t *txn, l locks.Lock) error {
	w, err := e.request(t, l)
	if err != nil || w == nil {
		return err
	}
	if len(e.system.shards) > 1 {
		e.Process.Go(func() { e.watch(w) })
	}
	patience := e.Process.NewTimer(e.config.LockTimeout)
	defer patience.Stop()
	select {
	case <-w.Done:
		return w.Err
	case <-patience.C:
		return e.giveUp(w)
	case <-e.Process.Done():
		return errDied
	}
}

func (e *engine) request(t *txn, l locks.Lock) (*locks.Wait, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := t.alive(); err != nil {
		return nil, err
	}
	return e.locks.Acquire(t.owner, l)
}

// giveUp ends a wait that has lasted too long, unless it has just ended.
func (e *engine) giveUp(w *locks.Wait) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var names []string
	for _, o := range e.locks.Blockers(w) {
		names = append(names, e.name(o))
	}
	if !e.locks.Cancel(w) {
		return w.Err
	}
	return &lockTimeout{fmt.Sprintf("%s waits for %s, to have %v", e.name(w.Owner), strings.Join(names, ", "), w.Lock)}
}

// untilSettled waits until no transaction is left that may yet commit with a stamp up to that of a snapshot, and changes what a step reads
// in that.
func (e *engine) untilSettled(s step, at stamp) error {
	patience := e.Process.NewTimer(e.config.LockTimeout)
	defer patience.Stop()
	for {
		e.mu.Lock()
		in, changed := e.inTheWay(s, at), e.changed
		e.mu.Unlock()
		if in == nil {
			return nil
		}
		select {
		case <-changed:
		case <-patience.C:
			return &lockTimeout{"a read waits for " + in.id.String()}
		case <-e.Process.Done():
			return errDied
		}
	}
}

func (e *engine) inTheWay(s step, at stamp) *txn {
	for _, t := range e.active {
		if !e.mayPrecede(t, at) {
			continue
		}
		for _, c := range t.changes {
			if c.Key == s.Key || s.Kind == ops.ScanStep && strings.HasPrefix(c.Key, s.Key) {
				return t
			}
		}
	}
	return nil
}

// mayPrecede reports whether a transaction may yet commit with a stamp up to one that was given before now. With clocks it has its stamp, or
// the least that it can be, from when it begins to commit. Else the stamp comes with the decision, for which all shards are prepared.
func (e *engine) mayPrecede(t *txn, at stamp) bool {
	return t.stamp <= at && (t.state == prepared || t.state == committing && e.mode.clocks)
}

package txnkv

import (
	"fmt"
	"strings"

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

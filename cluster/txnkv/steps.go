package txnkv

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/txnkv/locks"
	"faultline/cluster/txnkv/ssi"
	"faultline/history"
)

// step does a step of a transaction, which ends if that cannot be done.
func (e *engine) step(t *txn, s step) rpc.Response {
	v, err := e.do(t, s)
	e.passRead(s)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.abort(t, e.named(err))
	}
	if err := t.alive(); err != nil {
		return e.aborted(err.Error())
	}
	a := answer{}
	if v.Kind() != history.None {
		a.Value = v.String()
	}
	return rpc.Answer(e.term, a.Value, a)
}

func (e *engine) do(t *txn, s step) (history.Value, error) {
	if e.mode.across { // also before a write, which has to see what it changes
		if err := e.settle(e, s, e.asOf(t)); err != nil {
			return history.Value{}, err
		}
	}
	switch s.Kind {
	case ops.ReadStep:
		return e.read(t, s.Key)
	case ops.ScanStep:
		return e.scan(t, s.Key)
	default:
		return history.Value{}, e.write(t, change{Key: s.Key, Append: s.Kind == ops.AppendStep, Value: s.Value})
	}
}

func (e *engine) read(t *txn, key string) (history.Value, error) {
	if e.mode.snapshots {
		return e.inSnapshot(t, func() history.Value {
			if e.mode.conflicts {
				e.conflicts.Read(ssi.Owner(t.owner), key)
			}
			return e.seen(t, key)
		})
	}
	var v history.Value
	err := e.holding(t, locks.Shared(key), e.mode.items, func() { v = e.seen(t, key) })
	return v, err
}

func (e *engine) scan(t *txn, prefix string) (history.Value, error) {
	switch {
	case e.mode.snapshots:
		return e.inSnapshot(t, func() history.Value {
			if e.mode.conflicts {
				e.conflicts.Scan(ssi.Owner(t.owner), prefix)
			}
			return e.found(t, e.machine.keysWith(prefix), prefix)
		})
	case e.mode.predicates == never && e.mode.items == toTheEnd:
		return e.scanLocked(t, prefix)
	}
	var v history.Value
	err := e.holding(t, locks.Predicate(prefix), e.mode.predicates, func() {
		v = e.found(t, append(e.machine.keysWith(prefix), slices.Collect(maps.Keys(e.writers))...), prefix)
	})
	return v, err
}

// scanLocked reads the keys that are there now, each of which it locks. Others may be added meanwhile and later: it does not see them.
func (e *engine) scanLocked(t *txn, prefix string) (history.Value, error) {
	keys := e.machine.keysWith(prefix)
	for _, key := range keys {
		if err := e.lock(t, locks.Shared(key)); err != nil {
			return history.Value{}, err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.found(t, keys, prefix), nil
}

// found is what a transaction sees of some keys, and of those that it has written itself, as far as they begin with a prefix and are there.
func (e *engine) found(t *txn, keys []string, prefix string) history.Value {
	all := append(slices.Collect(maps.Keys(t.pending)), keys...)
	slices.Sort(all)
	var entries [][2]history.Value
	for _, key := range slices.Compact(all) {
		if v := e.seen(t, key); strings.HasPrefix(key, prefix) && v.Kind() != history.Nil {
			entries = append(entries, [2]history.Value{history.TextValue(key), v})
		}
	}
	return history.MapValue(entries...)
}

// inSnapshot reads without locks. The caller is told if the transaction has ended.
func (e *engine) inSnapshot(t *txn, read func() history.Value) (history.Value, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := t.alive(); err != nil {
		return history.Value{}, err
	}
	return read(), nil
}

// seen is what a key has, as a transaction sees it. The caller holds mu.
func (e *engine) seen(t *txn, key string) history.Value {
	if v, own := t.pending[key]; own {
		return v
	}
	if other := e.writers[key]; e.mode.dirty && other != nil {
		return other.pending[key]
	}
	if e.mode.snapshots {
		return e.machine.read(key, e.asOf(t))
	}
	return e.machine.read(key, newest)
}

// write notes a change, once the transaction has the key to itself. With snapshots it shows at the end whether it had.
func (e *engine) write(t *txn, c change) error {
	var err error
	if held := e.holding(t, locks.Exclusive(c.Key), e.mode.writes, func() { err = e.change(t, c) }); held != nil {
		return held
	}
	return err
}

func (e *engine) change(t *txn, c change) error {
	v, err := c.to(e.seen(t, c.Key))
	if err != nil {
		return fmt.Errorf("%w: %w", errNotAList, err)
	}
	t.changes, t.pending[c.Key] = append(t.changes, e.noted(c, v)), v
	switch {
	case e.mode.conflicts:
		e.conflicts.Write(ssi.Owner(t.owner), c.Key)
	case !e.mode.snapshots:
		e.writers[c.Key] = t
	}
	return nil
}

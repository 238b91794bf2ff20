// Package locks is the lock table of two-phase locking (Eswaran, Gray, Lorie and Traiger 1976): shared and exclusive locks on keys,
// and shared locks on predicates, here all keys with a prefix. It finds deadlocks when they arise, and says who dies.
//
// All of it is decided by the order of the calls alone. A Table has no lock of its own: its caller sees to it that one method runs
// at a time. No method waits; a request that cannot be granted returns a Wait.
package locks

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Lock is what can be held.
type Lock struct {
	Key       string // or the prefix, of a predicate
	Predicate bool   // on all keys with the prefix, whether they are there or not; it is shared
	Exclusive bool
}

// Shared, Exclusive and Predicate are the three kinds of locks.
func Shared(key string) Lock       { return Lock{Key: key} }
func Exclusive(key string) Lock    { return Lock{Key: key, Exclusive: true} }
func Predicate(prefix string) Lock { return Lock{Key: prefix, Predicate: true} }

func (l Lock) String() string {
	switch {
	case l.Predicate:
		return fmt.Sprintf("the keys that begin with %q", l.Key)
	case l.Exclusive:
		return l.Key + " to write it"
	default:
		return l.Key + " to read it"
	}
}

// conflicts reports whether two owners cannot hold these at once.
func (l Lock) conflicts(m Lock) bool {
	if !l.Exclusive && !m.Exclusive {
		return false
	}
	return l.covers(m.Key) || m.covers(l.Key)
}

func (l Lock) covers(key string) bool {
	return l.Key == key || l.Predicate && strings.HasPrefix(key, l.Key)
}

// includes reports whether who holds l needs no m.
func (l Lock) includes(m Lock) bool {
	switch {
	case m.Predicate:
		return l.Predicate && strings.HasPrefix(m.Key, l.Key)
	case m.Exclusive:
		return l.Exclusive && l.Key == m.Key
	default:
		return l.covers(m.Key)
	}
}

// Owner is who asks for locks. A later one has a larger number.
type Owner uint64

// Table is who holds what, and who waits for what.
type Table struct {
	held    []holding // in the order in which they were granted
	waiting []*Wait   // in the order in which they came
	closed  error
}

type holding struct {
	owner Owner
	lock  Lock
}

// Wait is a request that waits. An owner has one at most.
type Wait struct {
	Owner Owner
	Lock  Lock
	// Done is closed when the wait is over. Then Err says why the lock was not granted; nil if it was.
	Done chan struct{}
	Err  error
}

func (w *Wait) end(err error) {
	w.Err = err
	close(w.Done)
}

// Deadlock is the error of a request that is denied because each of the owners waits for the next one, and the last for the first.
type Deadlock struct{ Cycle []Owner }

func (d *Deadlock) Error() string { return fmt.Sprintf("deadlock of %v", d.Cycle) }

// ErrCancelled is the error of a wait that was given up.
var ErrCancelled = errors.New("given up")

// Acquire grants a lock, or returns a Wait. Requests are granted in the order in which they came, but nobody waits for those who wait
// for him. If the request closes a cycle of owners that wait for each other, the youngest of them dies: that is, its request is
// denied.
func (t *Table) Acquire(o Owner, l Lock) (*Wait, error) {
	switch {
	case t.closed != nil:
		return nil, t.closed
	case t.Holds(o, l):
		return nil, nil
	}
	w := &Wait{Owner: o, Lock: l, Done: make(chan struct{})}
	if len(t.blockers(w, t.waiting)) == 0 {
		t.held = append(t.held, holding{o, l})
		return nil, nil
	}
	t.waiting = append(t.waiting, w)
	for {
		cycle := t.cycle(o)
		if cycle == nil {
			break
		}
		t.deny(slices.Max(cycle), &Deadlock{cycle})
	}
	return w, w.Err
}

// Holds reports whether an owner has a lock, or one that includes it.
func (t *Table) Holds(o Owner, l Lock) bool {
	return slices.ContainsFunc(t.held, func(h holding) bool { return h.owner == o && h.lock.includes(l) })
}

// Release gives one lock back.
func (t *Table) Release(o Owner, l Lock) {
	t.held = slices.DeleteFunc(t.held, func(h holding) bool { return h.owner == o && h.lock == l })
	t.grant()
}

// ReleaseAll gives back all that an owner has, and gives up what it waits for.
func (t *Table) ReleaseAll(o Owner) {
	t.held = slices.DeleteFunc(t.held, func(h holding) bool { return h.owner == o })
	t.deny(o, ErrCancelled)
	t.grant()
}

// Cancel gives up a wait. It reports false if that is over.
func (t *Table) Cancel(w *Wait) bool { return t.Deny(w, ErrCancelled) }

// Deny ends a wait with an error. It reports false if that is over.
func (t *Table) Deny(w *Wait, err error) bool {
	i := slices.Index(t.waiting, w)
	if i >= 0 {
		t.endWait(i, err)
	}
	return i >= 0
}

// Waiting are the requests that wait, in the order in which they came.
func (t *Table) Waiting() []*Wait { return slices.Clone(t.waiting) }

// Close ends all waits and refuses all requests from now on, with an error.
func (t *Table) Close(err error) {
	t.closed = err
	for _, w := range t.waiting {
		w.end(err)
	}
	t.held, t.waiting = nil, nil
}

// Blockers are the owners for which a wait waits, in order.
func (t *Table) Blockers(w *Wait) []Owner {
	return t.blockers(w, t.waiting[:max(0, slices.Index(t.waiting, w))])
}

// blockers are the owners for which a request waits, if these came before it.
func (t *Table) blockers(w *Wait, before []*Wait) []Owner {
	var all []Owner
	for _, h := range t.held {
		if h.owner != w.Owner && h.lock.conflicts(w.Lock) {
			all = append(all, h.owner)
		}
	}
	for _, other := range before {
		if other.Owner != w.Owner && other.Lock.conflicts(w.Lock) && !t.waitsFor(other, w.Owner) {
			all = append(all, other.Owner)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// waitsFor reports whether a lock that the owner holds is in the way of a wait.
func (t *Table) waitsFor(w *Wait, o Owner) bool {
	return slices.ContainsFunc(t.held, func(h holding) bool { return h.owner == o && h.lock.conflicts(w.Lock) })
}

// grant lets everybody have what nothing is in the way of any more.
func (t *Table) grant() {
	var left []*Wait
	for _, w := range t.waiting {
		if len(t.blockers(w, left)) > 0 {
			left = append(left, w)
			continue
		}
		t.held = append(t.held, holding{w.Owner, w.Lock})
		w.end(nil)
	}
	t.waiting = left
}

// deny ends an owner's wait, if it has one.
func (t *Table) deny(o Owner, err error) {
	if i := t.waitOf(o); i >= 0 {
		t.endWait(i, err)
	}
}

// endWait ends a wait without the lock. Others may have what it was in the way of.
func (t *Table) endWait(i int, err error) {
	w := t.waiting[i]
	t.waiting = slices.Delete(t.waiting, i, i+1)
	w.end(err)
	t.grant()
}

func (t *Table) waitOf(o Owner) int {
	return slices.IndexFunc(t.waiting, func(w *Wait) bool { return w.Owner == o })
}

// cycle is a cycle through an owner in the graph of who waits for whom; nil if there is none. It begins with the owner.
func (t *Table) cycle(o Owner) []Owner {
	visited := map[Owner]bool{}
	var walk func(path []Owner) []Owner
	walk = func(path []Owner) []Owner {
		i := t.waitOf(path[len(path)-1])
		if i < 0 {
			return nil
		}
		for _, next := range t.Blockers(t.waiting[i]) {
			if next == o {
				return path
			}
			if visited[next] {
				continue
			}
			visited[next] = true
			if found := walk(append(path, next)); found != nil {
				return found
			}
		}
		return nil
	}
	return walk([]Owner{o})
}

// String shows the table: a line for each lock that is held or waited for.
func (t *Table) String() string {
	var lines []string
	for _, h := range t.held {
		lines = append(lines, fmt.Sprintf("%d has %v\n", h.owner, h.lock))
	}
	for _, w := range t.waiting {
		lines = append(lines, fmt.Sprintf("%d waits for %v, to have %v\n", w.Owner, t.Blockers(w), w.Lock))
	}
	return strings.Join(lines, "")
}

package transactions

import (
	"math/rand/v2"
	"strings"
)

// locking is a store with one copy of each key. Without any locks all see what others write at once.
type locking struct {
	*plan
	writeLocks     bool // until the end
	readLocks      bool // on keys, which a read waits for
	keepReadLocks  bool // until the end
	predicateLocks bool // on prefixes, until the end
	undoes         bool // what is aborted is taken back
	tears          bool // what is taken back is only the last write

	held    map[string]content
	writers map[string]*txn
	readers map[string][]*txn // of keys, and of prefixes with a *
	before  map[*txn]map[string]content
}

func newLocking(r *rand.Rand, p *plan) *locking {
	l := &locking{plan: p, held: map[string]content{}, writers: map[string]*txn{}, readers: map[string][]*txn{},
		before: map[*txn]map[string]content{}}
	l.undoes, l.tears = r.IntN(4) > 0, r.IntN(10) == 0
	switch r.IntN(8) {
	case 0, 1, 2: // not even writes are kept apart
	case 3, 4: // read uncommitted
		l.writeLocks = true
	case 5: // read committed
		l.writeLocks, l.readLocks = true, true
	case 6: // repeatable read
		l.writeLocks, l.readLocks, l.keepReadLocks = true, true, true
	default: // serializable
		l.writeLocks, l.readLocks, l.keepReadLocks, l.predicateLocks = true, true, true, true
	}
	return l
}

func (l *locking) begin(t *txn) { l.before[t] = map[string]content{} }

func (l *locking) do(t *txn, m *micro) bool {
	switch m.op {
	case write:
		return l.write(t, m)
	case read:
		if !l.mayRead(t, m.key) {
			return false
		}
		m.seen = l.held[m.key]
		l.lock(t, m.key, l.keepReadLocks)
	case scan:
		for _, k := range l.all(m.key) {
			if !l.mayRead(t, k) {
				return false
			}
		}
		m.found = map[string]content{}
		for _, k := range l.all(m.key) {
			if m.found[k] = l.held[k]; len(l.held[k]) > 0 {
				l.lock(t, k, l.keepReadLocks)
			}
		}
		l.lock(t, m.key+"*", l.predicateLocks)
	}
	return true
}

func (l *locking) mayRead(t *txn, key string) bool {
	return !l.readLocks || l.writers[key] == nil || l.writers[key] == t
}

func (l *locking) lock(t *txn, name string, keep bool) {
	if keep {
		l.readers[name] = append(l.readers[name], t)
	}
}

func (l *locking) write(t *txn, m *micro) bool {
	if l.writeLocks && l.writers[m.key] != nil && l.writers[m.key] != t {
		return false
	}
	for name, readers := range l.readers {
		prefix, predicate := strings.CutSuffix(name, "*")
		if name != m.key && (!predicate || !strings.HasPrefix(m.key, prefix)) {
			continue
		}
		for _, other := range readers {
			if other != t {
				return false
			}
		}
	}
	if l.writeLocks {
		l.writers[m.key] = t
	}
	if _, ok := l.before[t][m.key]; !ok || l.tears {
		l.before[t][m.key] = l.held[m.key]
	}
	l.held[m.key] = l.after(l.held[m.key], m.value)
	return true
}

func (l *locking) commit(t *txn) bool {
	for key, writer := range l.writers {
		if writer == t {
			delete(l.writers, key)
		}
	}
	for name, readers := range l.readers {
		var others []*txn
		for _, other := range readers {
			if other != t {
				others = append(others, other)
			}
		}
		l.readers[name] = others
	}
	return true
}

func (l *locking) abort(t *txn) {
	if l.undoes {
		for key, content := range l.before[t] {
			l.held[key] = content
		}
	}
	l.commit(t)
}

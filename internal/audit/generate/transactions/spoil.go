package transactions

import (
	"math/rand/v2"
	"slices"

	"faultline/internal/audit/oracle"
)

// spoil changes what was seen, in one answer or for all: a write is lost, an answer is another one, elements change places, an element comes
// twice, or an outcome is another one.
func spoil(r *rand.Rand, p *plan, txns []*txn) {
	for range 1 + r.IntN(2) {
		t := pick(r, txns...)
		switch r.IntN(8) {
		case 0:
			t.outcome = pick(r, oracle.OK, oracle.Fail)
		case 1, 2:
			p.lose(r, txns)
		case 3:
			if p.lists {
				p.swap(r, txns)
			}
		case 4:
			if p.lists && r.IntN(4) == 0 {
				p.double(r, txns)
			}
		default:
			p.mistake(r, t)
		}
	}
}

// change replaces what reads of a key saw.
func change(txns []*txn, key string, by func(content) content) {
	for _, t := range txns {
		for _, m := range t.steps {
			if m.op == read && m.key == key {
				m.seen = by(slices.Clone(m.seen))
			}
			if seen, ok := m.found[key]; ok {
				m.found[key] = by(slices.Clone(seen))
			}
		}
	}
}

// lose hides a value from all.
func (p *plan) lose(r *rand.Rand, txns []*txn) {
	key := pick(r, p.keys...)
	if p.next[key] == 0 {
		return
	}
	lost := 1 + r.IntN(p.next[key])
	change(txns, key, func(c content) content {
		return slices.DeleteFunc(c, func(v int) bool { return v == lost })
	})
}

// swap has two neighbours change places for all who saw both.
func (p *plan) swap(r *rand.Rand, txns []*txn) {
	key, at := pick(r, p.keys...), r.IntN(3)
	change(txns, key, func(c content) content {
		if at+1 < len(c) {
			c[at], c[at+1] = c[at+1], c[at]
		}
		return c
	})
}

// double has an element come once more.
func (p *plan) double(r *rand.Rand, txns []*txn) {
	key, at, back := pick(r, p.keys...), r.IntN(3), r.IntN(2)
	change(txns, key, func(c content) content {
		if at < len(c) {
			c = slices.Insert(c, min(at+1+back, len(c)), c[at])
		}
		return c
	})
}

// mistake answers a read wrongly.
func (p *plan) mistake(r *rand.Rand, t *txn) {
	at := r.IntN(len(t.steps))
	m := t.steps[at]
	if t.wroteBefore(at) && r.IntN(4) > 0 {
		return
	}
	switch m.op {
	case read:
		m.seen = p.wrong(r, m.key, m.seen)
	case scan:
		if keys := p.all(m.key); len(keys) > 0 && m.found != nil {
			k := pick(r, keys...)
			m.found[k] = p.wrong(r, k, m.found[k])
		}
	}
}

func (p *plan) wrong(r *rand.Rand, key string, c content) content {
	other := 1 + r.IntN(p.next[key]+1)
	switch {
	case r.IntN(3) == 0:
		return nil
	case !p.lists:
		return content{other}
	case len(c) > 0 && r.IntN(4) > 0:
		return c[:r.IntN(len(c))]
	}
	return p.after(c, other)
}

// wroteBefore reports whether a transaction wrote what it reads at a step.
func (t *txn) wroteBefore(at int) bool {
	return slices.ContainsFunc(t.steps[:at], func(m *micro) bool {
		return m.op == write && (m.key == t.steps[at].key || t.steps[at].op == scan)
	})
}

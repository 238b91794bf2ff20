package transactions

import "math/rand/v2"

// newStore draws a store.
func newStore(r *rand.Rand, p *plan) store {
	switch r.IntN(10) {
	case 0, 1:
		return guessing{r, p}
	case 2, 3, 4:
		return newLocking(r, p)
	}
	return newSeeing(r, p)
}

// guessing answers reads at random: of lists the first values, in the order in which they were made up; of registers any value. Most
// transactions read their own writes, and nothing that they have yet to write.
type guessing struct {
	r *rand.Rand
	*plan
}

func (g guessing) begin(*txn)       {}
func (g guessing) commit(*txn) bool { return true }
func (g guessing) abort(*txn)       {}

func (g guessing) do(t *txn, m *micro) bool {
	switch m.op {
	case read:
		m.seen = g.guess(t, m.key)
	case scan:
		m.found = map[string]content{}
		for _, k := range g.all(m.key) {
			m.found[k] = g.guess(t, k)
		}
	}
	return true
}

func (g guessing) guess(t *txn, key string) content {
	from, to := t.plausible(key, g.next[key])
	if g.r.IntN(20) == 0 {
		from, to = 0, g.next[key]
	}
	last := from + g.r.IntN(to-from+1)
	switch {
	case last == 0:
		return nil
	case !g.lists:
		return content{last}
	}
	values := make(content, last)
	for i := range values {
		values[i] = i + 1
	}
	return values
}

// plausible are the last values that a transaction may find at the end of a key: what it wrote last, or what was made up before it.
func (t *txn) plausible(key string, values int) (from, to int) {
	to = values
	for i, m := range t.steps {
		switch {
		case m.op != write || m.key != key:
		case i < t.at:
			from, to = m.value, m.value
		case from == 0:
			return 0, min(to, m.value-1)
		}
	}
	return from, to
}

package weak

// chains are paths of session order and write-read on which all transactions are that others may have seen a write of. What leads to a
// transaction is so a number for each of them.
type chains struct {
	of      []int32 // the chain of each transaction, or none
	rank    []int32 // position in members
	members []int32 // chain by chain
	first   []int32 // chain c has members[first[c]:first[c+1]]
}

func (c *chains) len() int32 { return int32(len(c.first)) - 1 }

// fewSessions are so few that each is a chain.
const fewSessions = 4 * width

// chains covers the transactions, which are in an order in which each comes after those that lead to it. A session is a chain. Where there are many,
// most are over when others begin (a process of Jepsen ends with the first transaction of unknown outcome), or each transaction is one. So a
// transaction that begins one continues a chain that is over and whose last transaction leads to it. It returns false if stop is closed before that
// is done.
func (r *relation) chains(order []int32) (c chains, done bool) {
	if r.h.Sessions() <= fewSessions {
		return chains{of: r.h.Session, rank: r.sessions.rank, members: r.sessions.members, first: r.sessions.first}, true
	}
	a := newChaining(r)
	for i, t := range order {
		if i%pollEvery == 0 && r.stopped() {
			return c, false
		}
		a.place(t)
	}
	return a.chains(order), true
}

// memory is how many chains are candidates to be continued: the latest ones.
const memory = 512

// reach tells how much of the latest chains leads to a transaction: of chain c, at c modulo memory, the first n.
type reach [memory]struct{ chain, n int32 }

func (c *reach) join(other *reach) {
	for i, o := range other {
		if mine := &c[i]; o.chain > mine.chain || o.chain == mine.chain && o.n > mine.n {
			*mine = o
		}
	}
}

// chaining is chains in the making.
type chaining struct {
	r       *relation
	follows []bool   // of each transaction, whether another one follows in its session
	uses    []int32  // of each transaction, how many others still ask for what leads to it
	reach   []*reach // of each transaction, as long as it is of use
	free    []*reach
	writes  []bool

	of     []int32
	tail   []int32 // of each chain
	length []int32 // of each chain
}

func newChaining(r *relation) *chaining {
	n := r.h.Len()
	a := &chaining{r: r, follows: make([]bool, n), uses: make([]int32, n), reach: make([]*reach, n), writes: make([]bool, n), of: make([]int32, n)}
	for t := range int32(n) {
		if before := r.sessions.before[t]; before != none {
			a.follows[before] = true
			a.uses[before]++
		}
		for _, e := range r.h.Of(t) {
			if e.From >= 0 {
				a.uses[e.From]++
			}
			a.writes[t] = a.writes[t] || e.IsWrite()
		}
	}
	return a
}

// place finds a chain for a transaction. Who wrote nothing, or is seen by nobody, needs none.
func (a *chaining) place(t int32) {
	leads := a.new()
	seen := a.uses[t] > 0
	a.join(leads, a.r.sessions.before[t])
	for _, e := range a.r.h.Of(t) {
		a.join(leads, max(none, e.From))
	}
	a.of[t] = none
	if a.writes[t] && seen {
		c := a.continued(t, leads)
		a.of[t], a.tail[c] = c, t
		a.length[c]++
		leads[c%memory].chain, leads[c%memory].n = c, a.length[c]
	}
	if seen {
		a.reach[t] = leads
	} else {
		a.free = append(a.free, leads)
	}
}

// continued is the chain that a transaction continues: that of its session, or one that is over. It may be a new one.
func (a *chaining) continued(t int32, leads *reach) int32 {
	if before := a.r.sessions.before[t]; before != none && a.of[before] != none && a.tail[a.of[before]] == before {
		return a.of[before]
	}
	for i := range leads {
		if c := leads[i].chain; c != none && leads[i].n == a.length[c] && !a.follows[a.tail[c]] {
			return c
		}
	}
	a.tail, a.length = append(a.tail, t), append(a.length, 0)
	return int32(len(a.length)) - 1
}

// join adds what leads to another transaction.
func (a *chaining) join(leads *reach, p int32) {
	if p == none {
		return
	}
	leads.join(a.reach[p])
	if a.uses[p]--; a.uses[p] == 0 {
		a.free = append(a.free, a.reach[p])
		a.reach[p] = nil
	}
}

func (a *chaining) new() *reach {
	var c *reach
	if n := len(a.free); n > 0 {
		c, a.free = a.free[n-1], a.free[:n-1]
	} else {
		c = new(reach)
	}
	for i := range c {
		c[i].chain = none
	}
	return c
}

// chains are those that were made of transactions in this order.
func (a *chaining) chains(order []int32) chains {
	c := chains{of: a.of, rank: make([]int32, len(a.of)), first: make([]int32, len(a.length)+1)}
	for i, n := range a.length {
		c.first[i+1] = c.first[i] + n
	}
	c.members = make([]int32, c.first[len(a.length)])
	end := append([]int32(nil), c.first...)
	for _, t := range order {
		if chain := a.of[t]; chain != none {
			c.members[end[chain]], c.rank[t] = t, end[chain]
			end[chain]++
		}
	}
	return c
}

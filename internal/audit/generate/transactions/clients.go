package transactions

import (
	"math/rand/v2"
	"slices"

	"faultline/internal/audit/oracle"
)

// txn is a transaction under way.
type txn struct {
	process int
	steps   []*micro
	at      int         // how many micro-operations are done
	outcome oracle.Type // as its client learns it; 0 as long as it is under way
	view    view        // which others it sees, if the store goes by that
	last    bool        // it comes after all others
}

// store executes transactions. None of its methods waits.
type store interface {
	begin(t *txn)
	// do has a micro-operation done. It reports whether that was possible, as it may have to wait for others.
	do(t *txn, m *micro) bool
	// commit reports whether the transaction took effect. If it did not it is aborted.
	commit(t *txn) bool
	abort(t *txn)
}

// clients run transactions on a store.
type clients struct {
	r *rand.Rand
	*plan
	store
	txns    []*txn
	moments []moment
	idle    []int // processes
	open    []*txn
	late    []*txn // whose clients gave up, and which may commit yet
	process int    // the next one
	eager   int    // of 6 moments, in how many a transaction begins if one can
}

func (c *clients) run() {
	for c.process = range c.processes {
		c.idle = append(c.idle, c.process)
	}
	c.process++
	patience := 0
	for len(c.txns) < c.transactions || len(c.open) > 0 {
		if c.act() {
			patience = 0
		} else if patience++; patience > 30 && len(c.open) > 0 { // a deadlock
			c.give(c.r.IntN(len(c.open)), oracle.Fail)
		}
	}
	for len(c.late) > 0 {
		c.finish()
	}
	if c.final {
		c.readAll()
	}
}

// act has one thing happen, if it can.
func (c *clients) act() bool {
	n := c.r.IntN(6)
	switch {
	case n == 0 && len(c.late) > 0:
		c.finish()
	case n < c.eager && len(c.idle) > 0 && len(c.txns) < c.transactions:
		c.invoke(c.draw(c.r))
	case len(c.open) > 0:
		return c.proceed(c.r.IntN(len(c.open)))
	default:
		return false
	}
	return true
}

func (c *clients) invoke(steps []*micro) *txn {
	i := c.r.IntN(len(c.idle))
	t := &txn{process: c.idle[i], steps: steps}
	c.idle = slices.Delete(c.idle, i, i+1)
	c.txns, c.open = append(c.txns, t), append(c.open, t)
	c.moments = append(c.moments, moment{txn: t})
	c.begin(t)
	return t
}

// proceed has an open transaction do its next micro-operation, or end.
func (c *clients) proceed(i int) bool {
	t := c.open[i]
	if t.at < len(t.steps) {
		if c.r.IntN(40) == 0 {
			c.give(i, oracle.Fail)
			return true
		}
		done := c.do(t, t.steps[t.at])
		if done {
			t.at++
		}
		return done
	}
	switch n := c.r.Float64(); {
	case n < c.info:
		c.give(i, oracle.Info)
	case n < c.info+c.fail:
		c.give(i, oracle.Fail)
	case c.commit(t):
		c.complete(i, oracle.OK)
	default:
		c.complete(i, oracle.Fail)
	}
	return true
}

// give ends a transaction that has not committed.
func (c *clients) give(i int, outcome oracle.Type) {
	t := c.open[i]
	if outcome == oracle.Info {
		c.late = append(c.late, t)
	} else {
		c.abort(t)
	}
	c.complete(i, outcome)
}

// complete tells the client. One that does not learn the outcome, or hears nothing at all, goes on as a new process.
func (c *clients) complete(i int, outcome oracle.Type) {
	t := c.open[i]
	t.outcome = outcome
	c.open = slices.Delete(c.open, i, i+1)
	if outcome != oracle.Info || c.r.IntN(2) == 0 {
		c.moments = append(c.moments, moment{t, true})
	}
	next := t.process
	if outcome == oracle.Info {
		next = c.process
		c.process++
	}
	c.idle = append(c.idle, next)
}

// finish lets a transaction whose client has given up commit or abort.
func (c *clients) finish() {
	i := c.r.IntN(len(c.late))
	t := c.late[i]
	c.late = slices.Delete(c.late, i, i+1)
	if c.r.IntN(3) > 0 {
		c.commit(t)
	} else {
		c.abort(t)
	}
}

// readAll reads all keys in a last transaction.
func (c *clients) readAll() {
	t := c.invoke(c.everything())
	t.last = true
	for t.at < len(t.steps) && c.do(t, t.steps[t.at]) {
		t.at++
	}
	if t.at == len(t.steps) && c.commit(t) {
		c.complete(0, oracle.OK)
	} else {
		c.complete(0, oracle.Fail)
	}
}

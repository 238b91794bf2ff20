// Package transactions makes small random histories of transactions on lists or registers, for an audit of isolation levels.
//
// They come from stores of all kinds: one that holds a single copy and takes locks, of which each kind may be missing, and one whose
// transactions see some earlier ones of an order, by rules of which each may be missing. Their clients run at the same time, and do not learn
// of everything what became of it. Some histories are spoilt afterwards, and some have answers that are drawn at random.
package transactions

import (
	"math/rand/v2"

	"faultline/internal/audit/oracle"
)

// Options bound what is drawn.
type Options struct {
	Lists        bool // keys are appended to; they are registers otherwise
	Transactions int  // at most, without the one that reads everything in the end; at least 2
}

// History draws a history.
func History(r *rand.Rand, o Options) []oracle.Event {
	p := newPlan(r, o)
	c := &clients{r: r, plan: p, store: newStore(r, p), eager: 2 + r.IntN(4)}
	c.run()
	txns := c.txns
	if r.IntN(3) == 0 {
		spoil(r, p, txns)
	}
	return p.spelled(r, txns, c.moments)
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

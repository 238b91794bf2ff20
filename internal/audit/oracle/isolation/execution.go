package isolation

import (
	"math/bits"
	"slices"

	"faultline/internal/audit/oracle"
)

// set is a set of transactions.
type set uint32

func (s set) has(t int) bool { return s>>t&1 == 1 }

func (s set) with(t int) set { return s | 1<<t }

// last is the last position at which one of the set stands, by positions; -1 if it is empty.
func (s set) last(position []int) int {
	last := -1
	for ; s != 0; s &= s - 1 {
		last = max(last, position[bits.TrailingZeros32(uint32(s))])
	}
	return last
}

// precedence is the order of transactions that a level has to keep.
type precedence uint8

const (
	unordered  precedence = iota
	bySession             // the transactions of a process, in their order
	byRealTime            // what returned before another was invoked is before it
)

// execution is a beginning of an order of the committed transactions.
type execution struct {
	h         *History
	committed set
	precedence
	before []set // by transaction, the committed ones that have to precede it

	order    []int
	position []int // in the order, by transaction
	done     set
	chains   [][]version // by key, in version order; the first is the initial one
	reads    [][]read    // by transaction
	sees     []set       // by transaction, for levels that are defined by visibility
}

// version is what a key holds from a transaction's commit on: the last that this transaction makes of it.
type version struct {
	by      int // initial if nobody
	content []int
}

// initial is the writer of initial versions.
const initial = -1

// read is the version that a step saw.
type read struct {
	step, key, version int
	scan               bool
}

// level is a definition, asked while the order of transactions grows.
type level struct {
	precedence precedence
	// repeatable says that a transaction reads a key once: later reads of it follow from the first and from what the transaction
	// itself wrote since (the axiom INT of Cerone, Bernardi and Gotsman).
	repeatable bool
	// admits reports whether a transaction with these reads may commit next. What it reads has been found among the versions so far.
	admits func(e *execution, t int, reads []read) bool
	// accepts reports whether the whole order will do; nil if it always does.
	accepts func(e *execution) bool
	// blind says that reads do not matter, so that nothing is known of their versions.
	blind bool
}

// keptBy reports whether some choice of committed transactions, some order of them and some choice of the versions read keeps the level.
func (l level) keptBy(h *History) bool {
	var certain, open set
	for t := range h.Transactions {
		switch h.Transactions[t].Outcome {
		case oracle.OK:
			certain = certain.with(t)
		case oracle.Info:
			open = open.with(t)
		}
	}
	for some := open; ; some = (some - 1) & open {
		if e := newExecution(h, certain|some, l.precedence); e.complete(l) {
			return true
		}
		if some == 0 {
			return false
		}
	}
}

func newExecution(h *History, committed set, p precedence) *execution {
	n := len(h.Transactions)
	e := &execution{h: h, committed: committed, precedence: p, before: make([]set, n), position: make([]int, n), chains: make([][]version, len(h.Keys)),
		reads: make([][]read, n), sees: make([]set, n)}
	for key := range e.chains {
		e.chains[key] = []version{{by: initial}}
	}
	for a := range h.Transactions {
		for b := range h.Transactions {
			if committed.has(a) && committed.has(b) && h.precedes(p, a, b) {
				e.before[b] = e.before[b].with(a)
			}
		}
	}
	return e
}

// precedes reports whether a is before b in an order that a level has to keep.
func (h *History) precedes(p precedence, a, b int) bool {
	s, t := &h.Transactions[a], &h.Transactions[b]
	switch p {
	case bySession:
		return s.Process == t.Process && s.Invoked < t.Invoked
	case byRealTime:
		return s.Outcome == oracle.OK && s.Returned < t.Invoked
	}
	return false
}

// complete tries to continue the order to its end.
func (e *execution) complete(l level) bool {
	if e.done == e.committed {
		return l.accepts == nil || l.accepts(e)
	}
	for t := range e.h.Transactions {
		if !e.committed.has(t) || e.done.has(t) || e.before[t]&^e.done != 0 {
			continue
		}
		if l.blind {
			if e.commit(l, t, nil) {
				return true
			}
			continue
		}
		if seen, ok := e.observed(t, l.repeatable); ok && e.choose(l, t, seen, nil) {
			return true
		}
	}
	return false
}

// choose tries each version that each read may have seen.
func (e *execution) choose(l level, t int, seen [][]read, chosen []read) bool {
	if len(chosen) == len(seen) {
		return l.admits(e, t, chosen) && e.commit(l, t, chosen)
	}
	for _, r := range seen[len(chosen)] {
		if e.choose(l, t, seen, append(slices.Clip(chosen), r)) {
			return true
		}
	}
	return false
}

// commit puts a transaction at the end of the order, goes on, and takes it away again if that leads nowhere.
func (e *execution) commit(l level, t int, reads []read) bool {
	tx := &e.h.Transactions[t]
	e.position[t] = len(e.order)
	e.order, e.done, e.reads[t] = append(e.order, t), e.done.with(t), reads
	for key := range e.chains {
		if tx.writes(key) {
			e.chains[key] = append(e.chains[key], version{t, after(e.now(key), tx.Steps, key)})
		}
	}
	if e.complete(l) {
		return true
	}
	for key := range e.chains {
		if tx.writes(key) {
			e.chains[key] = e.chains[key][:len(e.chains[key])-1]
		}
	}
	e.order, e.done = e.order[:len(e.order)-1], e.done&^(1<<t)
	return false
}

// now is what a key holds after all transactions of the order.
func (e *execution) now(key int) []int { return e.chains[key][len(e.chains[key])-1].content }

// newest is the index of the last version of a key that the first transactions of the order made.
func (e *execution) newest(key, transactions int) int {
	chain := e.chains[key]
	for v := len(chain) - 1; v > 0; v-- {
		if e.position[chain[v].by] < transactions {
			return v
		}
	}
	return 0
}

// observed finds for each read of what others wrote the versions that have what it returned. It fails if a read has none, or if a
// transaction that would come next in the order does not read its own writes: what a list held before, and what it appended since.
func (e *execution) observed(t int, repeatable bool) (seen [][]read, ok bool) {
	tx := &e.h.Transactions[t]
	for i, s := range tx.Steps {
		if s.Kind != Read {
			continue
		}
		earlier := tx.Steps[:i]
		own := slices.ContainsFunc(earlier, func(b Step) bool { return b.Key == s.Key && b.Kind != Read })
		if own && !slices.Equal(s.Seen, after(e.now(s.Key), earlier, s.Key)) {
			return nil, false
		}
		if repeatable {
			first := slices.IndexFunc(earlier, func(b Step) bool { return b.Key == s.Key && b.Kind == Read })
			if first >= 0 && !slices.Equal(s.Seen, after(earlier[first].Seen, earlier[first:], s.Key)) {
				return nil, false
			}
			if first >= 0 {
				continue
			}
		}
		if own {
			continue
		}
		candidates := e.having(s)
		if len(candidates) == 0 {
			return nil, false
		}
		seen = append(seen, candidates)
	}
	return seen, true
}

// having are the versions with the content that a read returned.
func (e *execution) having(s Step) []read {
	var candidates []read
	for v, version := range e.chains[s.Key] {
		if slices.Equal(version.content, s.Seen) {
			candidates = append(candidates, read{s.At, s.Key, v, s.Scan})
		}
	}
	return candidates
}

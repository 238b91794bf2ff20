package ladder

import (
	"slices"

	"faultline/history"
)

// The definitions of the models, tried out: every order that there is. This shares nothing with the checkers. It is for small
// histories in which no value is written twice, nothing is deleted, and every failed cas tells what it found.

// event is a read or a write; a cas is a read and, if it succeeded, a write.
type event struct {
	session, place int
	key            string
	value          history.Value
	write          bool
	cas            bool // it is half of one, or what a failed one found
	op             int
}

// brute is a history as events, those of a session in its order.
type brute struct {
	events   []event
	sessions int
}

func bruteOf(ops []history.Operation) brute {
	var b brute
	seen := observedValues(ops)
	sessions, places := map[int32]int{}, map[int]int{}
	for i, o := range ops {
		pair, isCAS := o.Input.List()
		isCAS = isCAS && o.F == "cas"
		var all []event
		switch {
		case o.F == "read" && o.Outcome == history.OK:
			all = []event{{value: o.Output}}
		case o.F == "write" && (o.Outcome == history.OK || o.Outcome == history.Info && seen(ops, o.Key, o.Input)):
			all = []event{{value: o.Input, write: true}}
		case isCAS && (o.Outcome == history.OK || o.Outcome == history.Info && seen(ops, o.Key, pair[1])):
			all = []event{{value: pair[0]}, {value: pair[1], write: true}}
		case isCAS && o.Reason() == history.PreconditionFailed:
			all = []event{{value: o.Output}}
		default:
			continue
		}
		s, ok := sessions[o.Process]
		if !ok {
			s = len(sessions)
			sessions[o.Process] = s
		}
		for _, e := range all {
			e.session, e.place, e.key, e.op, e.cas = s, places[s], o.Key, i, isCAS
			places[s]++
			b.events = append(b.events, e)
		}
	}
	b.sessions = len(sessions)
	return b
}

// observedValues finds the writes that ended in info and were seen by what took effect.
func observedValues([]history.Operation) func([]history.Operation, string, history.Value) bool {
	var seen func(ops []history.Operation, key string, v history.Value) bool
	seen = func(ops []history.Operation, key string, v history.Value) bool {
		for _, o := range ops {
			if o.Key != key {
				continue
			}
			pair, isCAS := o.Input.List()
			switch {
			case o.F == "read" && o.Outcome == history.OK && o.Output.Equal(v):
				return true
			case o.F == "cas" && isCAS && o.Outcome == history.OK && pair[0].Equal(v):
				return true
			case o.F == "cas" && o.Reason() == history.PreconditionFailed && o.Output.Equal(v):
				return true
			case o.F == "cas" && isCAS && o.Outcome == history.Info && pair[0].Equal(v) && !pair[1].Equal(v) && seen(without(ops, o), key, pair[1]):
				return true
			}
		}
		return false
	}
	return seen
}

func without(ops []history.Operation, o history.Operation) []history.Operation {
	return slices.DeleteFunc(slices.Clone(ops), func(p history.Operation) bool { return p.Invoked == o.Invoked })
}

// writer is the event that wrote what one read; -1 for the initial value, -2 if nothing did.
func (b brute) writer(i int) int {
	for j, e := range b.events {
		if e.write && e.key == b.events[i].key && e.value.Equal(b.events[i].value) {
			return j
		}
	}
	if b.events[i].value.Kind() == history.Nil {
		return -1
	}
	return -2
}

func (b brute) program(i, j int) bool {
	return b.events[i].session == b.events[j].session && b.events[i].place < b.events[j].place
}

// causal is the least transitive relation of program order and reads from.
func (b brute) causal() func(i, j int) bool {
	n := len(b.events)
	rel := make([][]bool, n)
	for i := range rel {
		rel[i] = make([]bool, n)
		for j := range rel[i] {
			rel[i][j] = b.program(i, j) || !b.events[j].write && b.writer(j) == i
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				rel[i][j] = rel[i][j] || rel[i][k] && rel[k][j]
			}
		}
	}
	return func(i, j int) bool { return rel[i][j] }
}

// sequence reports whether some events have an order that keeps a relation, in which each read that matters sees the last
// write of its key before it. What is next to another one has to follow it at once.
func (b brute) sequence(events []int, before func(i, j int) bool, matters func(i int) bool, next func(i, j int) bool) bool {
	return b.extend(events, map[string]history.Value{}, -1, before, matters, next)
}

func (b brute) extend(open []int, held map[string]history.Value, last int, before func(i, j int) bool, matters func(i int) bool, next func(i, j int) bool) bool {
	if len(open) == 0 {
		return true
	}
	for at, i := range open {
		if slices.ContainsFunc(open, func(j int) bool { return j != i && before(j, i) }) || before(i, i) {
			continue
		}
		if last >= 0 && next != nil && slices.ContainsFunc(open, func(j int) bool { return next(last, j) && j != i }) {
			continue
		}
		e := b.events[i]
		rest := append(slices.Clone(open[:at]), open[at+1:]...)
		if !e.write {
			v, ok := held[e.key]
			if !ok {
				v = history.NilValue()
			}
			if (!matters(i) || v.Equal(e.value)) && b.extend(rest, held, i, before, matters, next) {
				return true
			}
			continue
		}
		was, ok := held[e.key]
		held[e.key] = e.value
		done := b.extend(rest, held, i, before, matters, next)
		if delete(held, e.key); ok {
			held[e.key] = was
		}
		if done {
			return true
		}
	}
	return false
}

func (b brute) all() []int {
	list := make([]int, len(b.events))
	for i := range list {
		list[i] = i
	}
	return list
}

func (b brute) filter(keep func(i int) bool) []int {
	return slices.DeleteFunc(b.all(), func(i int) bool { return !keep(i) })
}

func (b brute) halves(i, j int) bool {
	return i >= 0 && b.events[i].op == b.events[j].op && b.events[i].place+1 == b.events[j].place
}

func always(int) bool { return true }

func (b brute) sequential() bool { return b.sequence(b.all(), b.program, always, b.halves) }

// thin reports a read that no write explains.
func (b brute) thin() bool {
	return slices.ContainsFunc(b.all(), func(i int) bool { return !b.events[i].write && b.writer(i) == -2 })
}

// causalConsistency: for each read some order of its causal past explains it.
func (b brute) causalConsistency() bool {
	co := b.causal()
	for i := range b.events {
		past := b.filter(func(j int) bool { return j == i || co(j, i) })
		if co(i, i) || !b.sequence(past, co, func(j int) bool { return j == i }, nil) {
			return false
		}
	}
	return true
}

// causalMemory: for each event some order of its causal past explains all reads of its session in it.
func (b brute) causalMemory() bool {
	co := b.causal()
	for i := range b.events {
		past := b.filter(func(j int) bool { return j == i || co(j, i) })
		mine := func(j int) bool { return j == i || b.program(j, i) }
		if co(i, i) || !b.sequence(past, co, mine, nil) {
			return false
		}
	}
	return true
}

// causalConvergence: there is one order of all writes by which each read sees the last one in its causal past.
func (b brute) causalConvergence() bool {
	co := b.causal()
	if slices.ContainsFunc(b.all(), func(i int) bool { return co(i, i) }) {
		return false
	}
	return b.someOrder(b.writes(), co, func(order []int) bool {
		for i, e := range b.events {
			if e.write {
				continue
			}
			sees := -1
			for _, w := range order {
				if b.events[w].key == e.key && co(w, i) {
					sees = w
				}
			}
			if sees != b.writer(i) {
				return false
			}
		}
		return true
	})
}

func (b brute) writes() []int { return b.filter(func(i int) bool { return b.events[i].write }) }

// someOrder reports whether an order of events that keeps a relation is as wanted.
func (b brute) someOrder(events []int, before func(i, j int) bool, wanted func(order []int) bool) bool {
	var try func(open, order []int) bool
	try = func(open, order []int) bool {
		if len(open) == 0 {
			return wanted(order)
		}
		for at, i := range open {
			if slices.ContainsFunc(open, func(j int) bool { return before(j, i) }) {
				continue
			}
			if try(append(slices.Clone(open[:at]), open[at+1:]...), append(order, i)) {
				return true
			}
		}
		return false
	}
	return try(events, nil)
}

// pram: for each session one order of all writes and its reads.
func (b brute) pram() bool {
	for s := range b.sessions {
		events := b.filter(func(i int) bool { return b.events[i].write || b.events[i].session == s })
		if !b.sequence(events, b.program, always, nil) {
			return false
		}
	}
	return true
}

// ranked reports whether the versions of a key have an order, the initial one first, in which some pairs of events of a session
// see or make versions that do not go back; of those that count.
func (b brute) ranked(counts func(event) bool, ordered func(first, second event) bool) bool {
	if b.thin() {
		return false
	}
	for s := range b.sessions {
		for _, key := range []string{"x", "y", "z"} {
			mine := b.filter(func(i int) bool { return b.events[i].session == s && b.events[i].key == key && counts(b.events[i]) })
			writes := b.filter(func(i int) bool { return b.events[i].write && b.events[i].key == key })
			if !b.someOrder(writes, func(i, j int) bool { return false }, func(order []int) bool {
				rank := func(i int) int {
					if b.events[i].write {
						return slices.Index(order, i)
					}
					return slices.Index(order, b.writer(i)) // -1 for the initial value
				}
				for n, i := range mine {
					for _, j := range mine[n+1:] {
						own := b.events[j].write && rank(i) >= rank(j)
						if own && (b.events[i].write || !b.events[i].write) || ordered(b.events[i], b.events[j]) && rank(i) > rank(j) {
							return false
						}
					}
				}
				return true
			}) {
				return false
			}
		}
	}
	return true
}

func (b brute) monotonicReads() bool {
	return b.ranked(func(e event) bool { return e.write || !e.cas }, func(first, second event) bool { return !first.write && !second.write })
}

func (b brute) readYourWrites() bool {
	return b.ranked(func(event) bool { return true }, func(first, second event) bool { return first.write && !second.write })
}

// writesFollowReads: all writes have an order in which what was read comes before what the session wrote then.
func (b brute) writesFollowReads() bool {
	if b.thin() {
		return false
	}
	for i, e := range b.events {
		for j, w := range b.events {
			if !e.write && w.write && b.program(i, j) && b.writer(i) == j {
				return false
			}
		}
	}
	return b.someOrder(b.writes(), func(i, j int) bool {
		return slices.ContainsFunc(b.all(), func(r int) bool { return !b.events[r].write && b.program(r, j) && b.writer(r) == i })
	}, func([]int) bool { return true })
}

// monotonicWrites: all writes have an order that keeps that of each session, and each read sees what one of them wrote.
func (b brute) monotonicWrites() bool {
	return !b.thin() && b.someOrder(b.writes(), b.program, func([]int) bool { return true })
}

// consistentPrefix: one order of all writes that keeps that of each session, and in which a cas finds what it found; each
// other read sees what some beginning of it had made.
func (b brute) consistentPrefix() bool {
	if b.thin() {
		return false
	}
	events := b.filter(func(i int) bool {
		return b.events[i].write || slices.ContainsFunc(b.all(), func(j int) bool { return b.events[j].write && b.halves(i, j) })
	})
	return b.sequence(events, b.program, always, b.halves)
}

// definitions are by model.
var definitions = map[string]func(brute) bool{
	Sequential: brute.sequential, CausalMemory: brute.causalMemory, CausalConvergence: brute.causalConvergence,
	Causal: brute.causalConsistency, PRAM: brute.pram, WritesFollowReads: brute.writesFollowReads,
	MonotonicReads: brute.monotonicReads, ReadYourWrites: brute.readYourWrites, MonotonicWrites: brute.monotonicWrites,
	ConsistentPrefix: brute.consistentPrefix,
}

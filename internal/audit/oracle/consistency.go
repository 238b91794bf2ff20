package oracle

import (
	"slices"
	"strings"
	"time"
)

// Answer is whether a history keeps a model.
type Answer uint8

const (
	Open Answer = iota // the definition can be read in two ways, and it matters
	Yes
	No
)

func answer(keeps bool) Answer {
	if keeps {
		return Yes
	}
	return No
}

// History is what a consistency model is asked about: operations on registers, with read, write, cas and delete on keys
// that are all null at first. A session is a process.
type History struct {
	Operations []Operation
	Staleness  time.Duration // how old what a read sees may be under bounded staleness
	Settled    time.Duration // from when on replicas must agree under eventual
}

// Consistency is a consistency model.
type Consistency struct {
	Name    string
	Implies []string // models that keep whatever keeps this one
	Keeps   func(h History) Answer
}

// ConsistencyModels are all models, by the names of ladder.Models.
func ConsistencyModels() []Consistency {
	return []Consistency{
		{"linearizable", []string{"sequential", "bounded-staleness", "eventual"}, inOrder(linearizable)},
		{"sequential", []string{"causal-memory", "causal-convergence", "consistent-prefix"}, inOrder(sequential)},
		{"causal-memory", []string{"causal", "pram"}, inSomeWorld(world.causalMemory)},
		{"causal-convergence", []string{"causal", "monotonic-reads"}, inSomeWorld(world.causalConvergence)},
		{"causal", []string{"writes-follow-reads", "read-your-writes", "monotonic-writes"}, inSomeWorld(world.causal)},
		{"pram", []string{"monotonic-reads", "read-your-writes", "monotonic-writes"}, inSomeWorld(world.pram)},
		{"writes-follow-reads", nil, inSomeWorld(world.writesFollowReads)},
		{"monotonic-reads", nil, inSomeWorld(world.monotonicReads)},
		{"read-your-writes", nil, inSomeWorld(world.readYourWrites)},
		{"bounded-staleness", []string{"consistent-prefix"}, BoundedStaleness},
		{"consistent-prefix", []string{"monotonic-writes"}, inOrder(consistentPrefix)},
		{"monotonic-writes", nil, inSomeWorld(world.monotonicWrites)},
		{"eventual", nil, eventual},
	}
}

func inOrder(keeps func([]Operation) bool) func(History) Answer {
	return func(h History) Answer { return answer(keeps(h.Operations)) }
}

// linearizable: one order of all operations, in which what returned before another was invoked comes first.
func linearizable(ops []Operation) bool {
	return Linearizable(allRegisters, ops)
}

// sequential: one order of all operations, which keeps that of each session (Lamport 1979).
func sequential(ops []Operation) bool {
	return ordered(allRegisters, ops, inSession, anyState)
}

func inSession(a, b *Operation) bool { return a.Process == b.Process && a.Invoked < b.Invoked }

// BoundedStaleness: linearizable once each read is invoked that much earlier (Golab, Li and Shah 2011). Where a return and a
// moved invocation come at the same instant, either may be first.
func BoundedStaleness(h History) Answer {
	keeps := func(returnFirst bool) bool {
		return ordered(allRegisters, h.Operations, func(a, b *Operation) bool {
			if b.F != "read" {
				return a.Returned < b.Invoked
			}
			moved := b.InvokedAt - h.Staleness
			return a.Returned < b.Invoked && (a.ReturnedAt < moved || returnFirst && a.ReturnedAt == moved)
		}, anyState)
	}
	strict, lenient := keeps(true), keeps(false)
	if strict != lenient {
		return Open
	}
	return answer(strict)
}

// KAtomic tells whether a history is linearizable if a read may return one of the last k versions of its register
// (Aiyer, Alvisi and Bazzi 2005).
func KAtomic(h History, k int) bool {
	// A state is all versions that there were.
	spec := Spec{Initial: "nil", Step: func(state string, op *Operation) []string {
		versions := split(state)
		now := versions[len(versions)-1]
		if op.F == "read" {
			recent := versions[max(0, len(versions)-k):]
			return only(op.Outcome == Info || slices.Contains(recent, op.Output.canon), state)
		}
		next := register(now, op)
		if len(next) == 0 || op.Compared || op.F == "cas" && now != op.Input.items[0].canon {
			return only(len(next) > 0, state)
		}
		return []string{glue(append(versions, next[0]))}
	}}
	for _, ops := range ByKey(h.Operations) {
		if !Linearizable(spec, ops) {
			return false
		}
	}
	return true
}

// consistentPrefix: one order of all updates, which keeps that of each session and in which each cas finds what it
// found; each read by itself sees what some beginning of the order had made (Terry 2013).
func consistentPrefix(ops []Operation) bool {
	var updates, reads []Operation
	for _, op := range relevant(ops) {
		if op.F == "read" || op.Compared {
			if op.certain() {
				reads = append(reads, op)
			}
			continue
		}
		updates = append(updates, op)
	}
	// A state is all that the registers have held in turn, so that its lines are the beginnings of the order.
	spec := Spec{Initial: "", Step: func(past string, op *Operation) []string {
		_, now, _ := cutLast(past)
		var pasts []string
		for _, next := range allRegisters.Step(now, op) {
			pasts = append(pasts, past+then+next)
		}
		return pasts
	}}
	return ordered(spec, updates, inSession, func(past string) bool {
		return !slices.ContainsFunc(reads, func(r Operation) bool {
			return !slices.ContainsFunc(strings.Split(past, then), func(state string) bool {
				return len(allRegisters.Step(state, &r)) > 0
			})
		})
	})
}

// then stands between two states. No canonical text has it.
const then = "\f"

func cutLast(past string) (before, last string, found bool) {
	i := strings.LastIndex(past, then)
	return past[:max(i, 0)], past[i+1:], i >= 0
}

// allRegisters holds a line for each register that is not null.
var allRegisters = Spec{Name: "registers", Step: func(state string, op *Operation) []string {
	var others []string
	value := "nil"
	for _, entry := range split(state) {
		if key, held, _ := strings.Cut(entry, "\t"); key == op.Key {
			value = held
		} else {
			others = append(others, entry)
		}
	}
	var states []string
	for _, next := range register(value, op) {
		entries := slices.Clone(others)
		if next != "nil" {
			entries = append(entries, op.Key+"\t"+next)
		}
		states = append(states, sorted(entries))
	}
	return states
}}

// eventual: all reads of a key agree that were invoked once replicas had settled, and after everything that changes the key had
// returned. Something that ended in info may take effect between two of them.
func eventual(h History) Answer {
	for _, ops := range ByKey(h.Operations) {
		end, pending, seen := -1, false, ""
		for _, op := range ops {
			switch {
			case op.F == "read":
			case op.Outcome == OK:
				end = max(end, op.Returned)
			case op.pending():
				pending = true
			}
		}
		for _, op := range ops {
			if op.F != "read" || op.Outcome != OK || op.InvokedAt < h.Settled || op.Invoked < end {
				continue
			}
			if seen != "" && seen != op.Output.canon {
				if pending {
					return Open
				}
				return No
			}
			seen = op.Output.canon
		}
	}
	return Yes
}

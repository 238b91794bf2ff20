// Package exact decides whether a history of registers has snapshot isolation or is serializable, where what is known of the order of
// writes may leave that open.
//
// Both levels ask for an order of the versions of each key in which a graph of dependencies has no cycle (Adya 1999; for
// snapshot isolation Cerone and Gotsman, Analysing Snapshot Isolation, PODC 2016). For serializability its nodes are transactions.
// For snapshot isolation they are the beginnings and the commits of transactions, as in Viper (EuroSys 2023):
//
//   - T2 read from T1, or overwrote it, or must follow it: T1 commits before T2 begins;
//   - T2 overwrote what T1 read: T1 begins before T2 commits.
//
// The order of two writers of a key is a choice between two sets of such edges, a polygraph (Papadimitriou 1979). Check
//
//  1. guesses the order from times: if it has no cycle the history is valid, and that is all. This takes linear time. Nothing follows from a
//     failure;
//  2. makes the choices that are forced, because the other one closes a cycle, until there are no more (Cobra, OSDI 2020);
//  3. searches among the others, for each strongly connected component of what is possible by itself: by conflict-driven clause
//     learning with acyclicity as its theory (MonoSAT, as in PolySI, VLDB 2023), and in its decisions guided by the order of the graph (VeriStrong).
//
// The problem is NP-complete, so steps are bounded. Beyond the bound the answer is unknown.
package exact

import (
	"cmp"
	"fmt"

	"faultline/checker"
	"faultline/checker/txn/internal/wr"
)

// Options say what else the order has to keep, and how long it is looked for.
type Options struct {
	Sessions bool // a transaction follows those before it in its session: strong session levels
	RealTime bool // a transaction follows those that had returned before it began: strict serializability, strong snapshot isolation
	// Steps bounds the work: edges that are followed, and choices that are looked at. DefaultSteps if it is 0.
	Steps int64
	// Memory bounds the bytes that choices and the edges that follow from them take; checker.DefaultMemory if it is 0.
	Memory int64
	// Stop ends the search when it is closed, as if the steps had been made; nil for never.
	Stop <-chan struct{}
}

// DefaultSteps takes some fifteen seconds of one core.
const DefaultSteps int64 = 1 << 28

// Result is an answer.
type Result struct {
	Validity checker.Validity
	By       Stage   // what decided
	Order    []Point // if valid, an order that shows it
	// Core is a set of transactions that cannot be ordered, whatever the others are: without any one of them the rest of it could, unless the
	// bound ended the search for a smaller one. Only if invalid.
	Core []int32
	// Proof shows that Core cannot be ordered; nil if it takes more cases than anybody would read.
	Proof *Case
	Bound checker.Bound // that was met, if unknown
}

// Point is when a transaction commits, or takes its snapshot.
type Point struct {
	Transaction int32
	Begin       bool // its snapshot; never for Serializable, where both are one
}

// Stage is what came to an answer.
type Stage uint8

const (
	ByGuess     Stage = iota + 1 // an order that follows times is right
	ByInference                  // all choices that matter are forced
	BySearch
)

var stageNames = [...]string{ByGuess: "guessed order", ByInference: "inference", BySearch: "search"}

func (s Stage) String() string {
	if s == 0 || int(s) >= len(stageNames) {
		return fmt.Sprintf("Stage(%d)", uint8(s))
	}
	return stageNames[s]
}

// Check decides whether a history has a level. The history must be as wr.History.Check wants it. Reads that come after a write of
// their own transaction to the same key are judged as all others; others find them.
func Check(h *wr.History, level Level, o Options) *Result {
	if level == MonotonicView {
		steps, of := unfold(h)
		return newProblem(steps, level, o).judge().folded(of)
	}
	return newProblem(h, level, o).judge()
}

func (o Options) withDefaults() Options {
	if o.Steps == 0 {
		o.Steps = DefaultSteps
	}
	if o.Memory == 0 {
		o.Memory = checker.DefaultMemory
	}
	return o
}

// judge comes to an answer, and explains it.
func (p *problem) judge() *Result {
	result := p.decide()
	if result.Validity == checker.Invalid {
		result.Core, result.Proof = p.explain(result.Core)
	}
	return result
}

// Confirms tells in linear time whether a history has a level by a given order of the versions of each key: that of the ranks of their writers.
// If it has not, it may have it by another one.
func Confirms(h *wr.History, level Level, o Options, rank []int64) bool {
	if level == MonotonicView {
		steps, of := unfold(h)
		rankOf := rank
		h, rank = steps, make([]int64, len(of))
		for i, t := range of {
			rank[i] = rankOf[t]
		}
	}
	p := newProblem(h, level, o)
	g, cycle, done := p.known()
	return cycle == nil && done && p.try(g, rank)
}

// decide comes to an answer. If it is invalid, its core is what the cycle or the search was about, which may be far too much.
func (p *problem) decide() *Result {
	g, cycle, done := p.known()
	switch {
	case cycle != nil:
		return p.invalid(ByInference, g.transactions(cycle))
	case !done:
		return p.unknown()
	}
	if p.try(g, p.guess(g)) {
		return &Result{Validity: checker.Valid, By: ByGuess, Order: p.points(g)}
	}
	c := &choices{p: p, g: g}
	if !c.collect() {
		return p.unknown()
	}
	if core := c.force(); core != nil {
		return p.invalid(ByInference, core)
	}
	if len(c.open) == 0 {
		return &Result{Validity: checker.Valid, By: ByInference, Order: p.points(g)}
	}
	parts, done := c.parts()
	if !done {
		return p.unknown()
	}
	for _, part := range parts {
		if !p.reserve(int64(len(part)), solverBytes) {
			return p.unknown()
		}
		switch core, done := c.newSolver(part).solve(); {
		case core != nil:
			return p.invalid(BySearch, core)
		case !done:
			return p.unknown()
		}
		p.bytes -= int64(len(part)) * solverBytes
	}
	return &Result{Validity: checker.Valid, By: BySearch, Order: p.points(g)}
}

func (p *problem) invalid(by Stage, core []int32) *Result {
	return &Result{Validity: checker.Invalid, By: by, Core: core}
}

func (p *problem) unknown() *Result {
	return &Result{Bound: cmp.Or(p.met, checker.TimeBound)}
}

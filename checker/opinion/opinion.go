// Package opinion asks a second checker, porcupine, whether a history is linearizable.
//
// A verdict is worth as much as the checker that gave it. Porcupine (github.com/anishathalye/porcupine) decides the same
// question by another algorithm. The sequential specifications in this package read operations anew, from what the doc comments of
// package linear promise, and share no code with it. If the two checkers disagree about an object, one of them is wrong, and the run
// has no verdict.
//
// By default porcupine is asked only about objects that it can decide cheaply. Those that it was not asked about, or gave up on, do not
// count as agreement. The bounds are counts of operations and of steps, so the same history gets the same opinion on every machine, as
// long as the bound on time is not met.
package opinion

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
)

// The bounds on what is small, and on what is remembered in order to ask about it.
const (
	smallObject   = 1 << 10 // operations of an object
	allOperations = 1 << 18 // operations of all objects together
	stepsEach     = 16      // steps of porcupine's search for each operation of a small object…
	stepsMore     = 1 << 12 // …and some to begin with
	bytesPerStep  = 128     // what a step may remember, apart from a bit for each operation and from what the state has to say
)

// Questions are the objects of a history that porcupine can be asked about. Operations come one by one, in any order.
type Questions struct {
	options checker.Options
	model   specification
	known   bool // the model has a specification here
	objects map[string]*object
	kept    int  // operations of all objects
	full    bool // there was no room for an operation, so the first ones of an object that is not known yet may be lost
}

// object is what is known of one object.
type object struct {
	initial    any
	operations []history.Operation // as they came: most objects of a large history are never asked about
	unfit      bool                // it is too large, or the specification does not know how it begins
}

// NewQuestions begins to collect the questions about a history of the model, of those that package linear has. It
// returns nil, which collects nothing, if no opinion is wanted.
func NewQuestions(model string, o checker.Options) *Questions {
	if o.SecondOpinion == checker.NoSecondOpinion {
		return nil
	}
	q := &Questions{options: o.WithDefaults(), objects: map[string]*object{}}
	q.model, q.known = specifications[model]
	return q
}

// Add takes an operation; one that nothing completed has the outcome Info. It is copied.
func (q *Questions) Add(op *history.Operation) {
	if q == nil || !q.known {
		return
	}
	o := q.objects[op.Key]
	q.full = q.full || q.kept >= allOperations
	if o == nil && !q.full {
		initial, ok := q.model.beginning(q.options.Initial, op.Key)
		o = &object{initial: initial, unfit: !ok}
		q.objects[op.Key] = o
	}
	if o == nil || o.unfit {
		return
	}
	if q.tooMany(len(o.operations)) {
		q.kept -= len(o.operations)
		*o = object{unfit: true}
		return
	}
	o.operations = append(o.operations, *op)
	q.kept++
}

// tooMany reports whether an object with this number of operations must not get another.
func (q *Questions) tooMany(operations int) bool {
	return q.options.SecondOpinion == checker.SmallSecondOpinion && operations >= smallObject || q.full
}

// Ask compares porcupine's answers with those of a part, which is about all objects that operations were added of. It returns nil if
// there is nothing to compare. Porcupine gets at most the time given for all objects.
func (q *Questions) Ask(ctx context.Context, part checker.Part, within time.Duration) *checker.Opinion {
	if q == nil || part.Validity == checker.Unknown && len(part.Findings) == 0 {
		return nil
	}
	ours := map[string]checker.Validity{}
	for _, f := range part.Findings {
		ours[f.On] = cmp.Or(ours[f.On], f.Validity)
	}
	opinion := &checker.Opinion{By: "porcupine", Objects: part.Objects}
	end := time.Now().Add(within)
	for _, name := range slices.Sorted(maps.Keys(q.objects)) {
		answer, found := ours[name]
		if !found {
			answer = checker.Valid
		}
		left := time.Until(end)
		if answer == checker.Unknown || q.objects[name].unfit || left <= 0 || ctx.Err() != nil {
			continue
		}
		switch theirs := q.judge(q.objects[name], left); theirs {
		case answer:
			opinion.Agreed++
		case checker.Unknown:
		default:
			opinion.Disputes = append(opinion.Disputes, checker.Dispute{On: name, Ours: answer, Theirs: theirs})
		}
	}
	return opinion
}

// judge puts one object to porcupine. The answer is Unknown past a bound.
func (q *Questions) judge(o *object, within time.Duration) checker.Validity {
	operations, ok := q.model.operations(o.operations)
	if !ok {
		return checker.Unknown
	}
	m, spent := q.bounded(o.initial, int64(len(operations)))
	answer := porcupine.CheckOperationsTimeout(m, operations, within)
	switch {
	case answer == porcupine.Ok:
		return checker.Valid
	case answer == porcupine.Illegal && !spent():
		return checker.Invalid
	default:
		return checker.Unknown
	}
}

// bounded is the model of an object with so many operations for a search that ends soon once its bounds on steps and memory are spent: then nothing is possible
// any more. Spent is to be asked when the search is over.
func (q *Questions) bounded(initial any, operations int64) (m porcupine.Model, spent func() bool) {
	steps, memory := int64(math.MaxInt64), q.options.Memory
	if q.options.SecondOpinion == checker.SmallSecondOpinion {
		steps = stepsEach*operations + stepsMore
	}
	spent = func() bool { return steps <= 0 || memory <= 0 }
	m = porcupine.Model{
		Init:  func() any { return initial },
		Equal: q.model.equal,
		Step: func(state, input, _ any) (bool, any) {
			if spent() {
				return false, state
			}
			steps--
			next, possible := input.(effect)(state)
			if possible {
				memory -= bytesPerStep + operations/8 + sizeOf(next)
			}
			return possible, next
		},
	}
	return m, spent
}

// About is porcupine's opinion about a part that says whether these operations are linearizable, by its model and with these
// options. Left is what is left of the bound on the check.
func About(ctx context.Context, part checker.Part, ops []history.Operation, o checker.Options, left time.Duration) *checker.Opinion {
	q := NewQuestions(part.Model, o)
	for i := range ops {
		q.Add(&ops[i])
	}
	return q.Ask(ctx, part, Share(o, left))
}

// Share is how much time porcupine gets of what is left of the bound on a check: a tenth of the bound or, if all objects are asked about,
// all that is left.
func Share(o checker.Options, left time.Duration) time.Duration {
	if o.SecondOpinion == checker.FullSecondOpinion {
		return left
	}
	return min(left, o.WithDefaults().Timeout/10)
}

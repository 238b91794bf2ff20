// Package system judges a run as a whole: whether the cluster kept its own rules, came back after the faults and served as
// steadily as was asked, and whether the run tested anything.
//
// Its checkers look at what the system reports about itself and at how the test ended. Other packages judge what clients saw.
package system

import (
	"context"
	"time"

	"faultline/checker"
	"faultline/history"
)

// Checkers are those that every run is judged by.
func Checkers() []checker.Checker {
	return []checker.Checker{Invariants(), Tested(), Recovered(), CaughtUp()}
}

// question is a checker that needs nothing but the input.
type question struct {
	name   string
	answer func(checker.Input) checker.Part
}

func (q question) Name() string { return q.name }

func (q question) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	return named(q.name, q.answer(in))
}

// Begin is a part of checker.Streamed: it looks at no operation.
func (q question) Begin(context.Context, checker.Options) checker.Pass { return q }

func (q question) Add(*history.Event, *history.Operation) {}

func (q question) End(ctx context.Context, in checker.Input, _ []history.Operation) checker.Part {
	return q.Check(ctx, in, checker.Options{})
}

// named is the part of that name.
func named(name string, p checker.Part) checker.Part {
	p.Name = name
	for i := range p.Findings {
		if p.Findings[i].Rule == "" {
			p.Findings[i].Rule = name
		}
	}
	return p
}

// valid is the answer that nothing is wrong.
func valid(reason string) checker.Part {
	return checker.Part{Validity: checker.Valid, Reason: reason}
}

// violation is the answer that something came to light at a moment.
func violation(at time.Duration, reason string) checker.Part {
	return checker.Part{Validity: checker.Invalid, Reason: reason,
		Findings: []checker.Finding{{Validity: checker.Invalid, Sentence: reason, At: at}}}
}

// Package system judges a run as a whole: whether the cluster kept its own rules, came back after the faults and served as
// steadily as was asked, and whether the run tested anything.
//
// Its checkers look at what the system reports about itself and at how the test ended. Other packages judge what clients saw.
package system

import (
	"context"
	"time"

	"faultline/checker"
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
	p := q.answer(in)
	p.Name = q.name
	for i := range p.Findings {
		if p.Findings[i].Rule == "" {
			p.Findings[i].Rule = q.name
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

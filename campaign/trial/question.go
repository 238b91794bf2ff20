package trial

import (
	"context"
	"fmt"
	"runtime/debug"

	"faultline/checker"
	"faultline/history"
)

// question is a checker that is asked about one run.
type question struct {
	checker checker.Checker
	options checker.Options
	pass    checker.Pass  // of a checker that sees operations one by one
	failed  *checker.Part // the answer of one that panicked; nil otherwise
}

type questions []*question

// asked begins to ask checkers.
func asked(ctx context.Context, checkers []checker.Checker, o checker.Options) questions {
	var all questions
	for _, c := range checkers {
		q := &question{checker: c, options: o}
		if s, ok := c.(checker.Streamed); ok {
			q.guard(func() { q.pass = s.Begin(ctx, o) })
		}
		all = append(all, q)
	}
	return all
}

// whole reports whether the checker sees all operations at once.
func (q *question) whole() bool { return q.pass == nil && q.failed == nil }

// add hands over what comes next in the history.
func (all questions) add(e *history.Event, op *history.Operation) {
	for _, q := range all {
		if q.pass != nil && q.failed == nil {
			q.guard(func() { q.pass.Add(e, op) })
		}
	}
}

// answers are those of all checkers.
func (all questions) answers(ctx context.Context, in checker.Input, pending []history.Operation) []checker.Part {
	var parts []checker.Part
	for _, q := range all {
		parts = append(parts, q.answer(ctx, in, pending))
	}
	return parts
}

func (q *question) answer(ctx context.Context, in checker.Input, pending []history.Operation) (p checker.Part) {
	if q.failed == nil {
		q.guard(func() {
			if q.pass != nil {
				p = q.pass.End(ctx, in, pending)
			} else {
				p = q.checker.Check(ctx, in, q.options)
			}
		})
	}
	if q.failed != nil {
		return *q.failed
	}
	return p
}

// guard has a checker do something. One that panics has no answer, which must not cost those of the others.
func (q *question) guard(do func()) {
	defer func() {
		if err := recover(); err != nil {
			q.failed = &checker.Part{Name: q.checker.Name(), Reason: fmt.Sprintf("the checker %s panicked: %v\n%s", q.checker.Name(), err, debug.Stack())}
		}
	}()
	do()
}

package workloads

import (
	"context"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
)

// onlyObjects are checkers that see no operations but those on objects.
func onlyObjects(all []checker.Checker) []checker.Checker {
	var limited []checker.Checker
	for _, c := range all {
		if s, ok := c.(checker.Streamed); ok {
			limited = append(limited, streamOfObjects{ofObjects{c}, s})
		} else {
			limited = append(limited, ofObjects{c})
		}
	}
	return limited
}

type ofObjects struct{ checker.Checker }

func (c ofObjects) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	in.Operations = ops.OnObjects(in.Operations)
	return c.Checker.Check(ctx, in, o)
}

type streamOfObjects struct {
	ofObjects
	streamed checker.Streamed
}

func (c streamOfObjects) Begin(ctx context.Context, o checker.Options) checker.Pass {
	return passOfObjects{c.streamed.Begin(ctx, o)}
}

type passOfObjects struct{ checker.Pass }

func (p passOfObjects) Add(e *history.Event, op *history.Operation) {
	if e.Process == history.Nemesis || ops.OnObject(e.F) {
		p.Pass.Add(e, op)
	}
}

func (p passOfObjects) End(ctx context.Context, in checker.Input, pending []history.Operation) checker.Part {
	return p.Pass.End(ctx, in, ops.OnObjects(pending))
}

package workloads

import (
	"context"

	"faultline/checker"
	"faultline/cluster/ops"
)

// onlyObjects are checkers that see no operations but those on objects.
func onlyObjects(all []checker.Checker) []checker.Checker {
	var limited []checker.Checker
	for _, c := range all {
		limited = append(limited, ofObjects{c})
	}
	return limited
}

type ofObjects struct{ checker.Checker }

func (c ofObjects) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	in.Operations = ops.OnObjects(in.Operations)
	return c.Checker.Check(ctx, in, o)
}

package workloads

import (
	"context"
	"slices"

	"faultline/checker"
	"faultline/cluster/ops"
	"faultline/history"
)

// wholeTransactions is a checker that does not see the single steps of transactions.
type wholeTransactions struct{ checker.Checker }

func (c wholeTransactions) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	in.Operations = slices.DeleteFunc(slices.Clone(in.Operations), func(op history.Operation) bool { return op.F != ops.Txn })
	return c.Checker.Check(ctx, in, o)
}

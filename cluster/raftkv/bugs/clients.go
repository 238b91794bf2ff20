package bugs

import (
	"slices"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/raftkv"
	"faultline/history"
)

// Bugs in what a client makes of an answer, or of none.
var clients = []bug{
	{Bug: cluster.Bug{
		Name:    "timeout-as-fail",
		Summary: "a client reports an operation that timed out as failed",
		Why: "It may have taken effect. This is the most common mistake of test harnesses and of programs that retry on errors: a time-out is " +
			"not an answer.",
		File: "cluster/raftkv/bugs/clients.go"},
		parts: raftkv.Parts{Client: reporting(timeoutAsFail)}},
	{Bug: cluster.Bug{
		Name:    "refused-as-ok",
		Summary: "a client reports a write as done that no node accepted",
		Why:     "An error code that was not checked. The write is lost, and its writer believes otherwise.",
		File:    "cluster/raftkv/bugs/clients.go"},
		parts: raftkv.Parts{Client: reporting(refusedAsOK)}},
}

// reporting makes a decorator that changes what a client reports.
func reporting(change func(cluster.Op, *cluster.Outcome)) func(cluster.Client) cluster.Client {
	return func(c cluster.Client) cluster.Client { return &reporter{c, change} }
}

type reporter struct {
	cluster.Client
	change func(cluster.Op, *cluster.Outcome)
}

func (r *reporter) Do(op cluster.Op) cluster.Outcome {
	out := r.Client.Do(op)
	r.change(op, &out)
	return out
}

func timeoutAsFail(_ cluster.Op, out *cluster.Outcome) {
	if out.Type == history.Info && out.Error == "timeout" {
		out.Type = history.Fail
	}
}

func refusedAsOK(op cluster.Op, out *cluster.Outcome) {
	if slices.Contains([]string{"write", ops.Add, ops.Enqueue}, op.F) && out.Type == history.Fail {
		out.Type, out.Error = history.OK, ""
	}
}

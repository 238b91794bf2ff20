package workloads

import (
	"faultline/checker/locks"
	"faultline/cluster/ops"
	"faultline/history"
)

// permits is how many clients may hold a semaphore at once.
const permits = 2

var semaphores = Info{
	Name:    "semaphore",
	Doc:     "clients acquire permits of semaphores and release them; there are never more holders than permits",
	Clients: "As in `lock`, with semaphores of two permits.",
	Holds:   "No more permits are held than there are, and only a holder releases a permit.",
	Breaks:  "As for `lock`.",
	Ops:     []string{ops.Of(ops.Semaphore, ops.Acquire), ops.Of(ops.Semaphore, ops.Release)},
	Keyed:   true,
	Open: func(o Options) Workload {
		return newHolding(o, ops.Semaphore, history.IntValue(permits), locks.Semaphore(permits))
	},
}

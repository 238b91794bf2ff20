package workloads_test

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster"
	"faultline/history"
	"faultline/workloads"
)

// queue has every client add a few elements while there are faults, and takes out what is there when they are over.
type queue struct{}

func (queue) Phases() []workloads.Phase {
	return []workloads.Phase{
		{When: workloads.During, Generator: func(c workloads.Client) workloads.Generator {
			return workloads.List(
				cluster.Op{F: "enqueue", Value: history.IntValue(int64(c.Thread))},
				cluster.Op{F: "enqueue", Value: history.IntValue(int64(c.Thread + c.Threads))})
		}},
		{When: workloads.After, Generator: func(workloads.Client) workloads.Generator {
			return workloads.List(cluster.Op{F: "dequeue"})
		}},
	}
}

func (queue) Checkers() []checker.Checker {
	return []checker.Checker{linear.Checker(linear.FIFOQueue())}
}

// A workload says what clients do in each phase of a test, and what judges it.
func Example() {
	for _, phase := range (queue{}).Phases() {
		g := phase.Generator(workloads.Client{Thread: 1, Threads: 5})
		for op, ok := g.Next(); ok; op, ok = g.Next() {
			fmt.Println(op.F, op.Value)
		}
	}
	// Output:
	// enqueue 1
	// enqueue 6
	// dequeue
}

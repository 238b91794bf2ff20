package catalog

import (
	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/queues"
	"faultline/cluster/ops"
)

// consumed are elements that come out of what they were put into.
var consumed = []Entry{
	{
		Name: "fifo-queue", Linear: linear.FIFOQueue,
		Doc:       "a queue that keeps the order of its elements",
		Judged:    everyOperation,
		Weaker:    []string{"unordered-queue", "total-queue", "at-least-once-queue"},
		fits:      always,
		exchanged: queueValues,
		observed:  []string{"dequeue", "drain"},
	},
	{
		Name: "unordered-queue", Aliases: []string{"queue"}, Linear: linear.UnorderedQueue,
		Doc:       "a queue that gives its elements out in any order; a drain counts as one dequeue for each element that it returns",
		Judged:    everyOperation,
		Unjudged:  "the order of elements",
		Weaker:    []string{"total-queue", "at-least-once-queue"},
		fits:      always,
		exchanged: queueValues,
		observed:  []string{"dequeue", "drain"},
	},
	{
		Name:      "total-queue",
		Doc:       "a queue that gives each element out once before it is found empty (Jepsen's total-queue, without duplicates)",
		Functions: []string{ops.Enqueue, ops.Dequeue, ops.Drain},
		Judged:    "whether each acknowledged element came out, once, and nothing else did",
		Unjudged:  "the order of elements, and when a queue is found empty",
		Weaker:    []string{"at-least-once-queue"},
		Checker:   func(Settings) checker.Checker { return queues.Total() },
		exchanged: queueValues,
	},
	{
		Name:      "at-least-once-queue",
		Doc:       "total-queue for a queue that may give an element out again (Jepsen's total-queue as it is)",
		Functions: []string{ops.Enqueue, ops.Dequeue, ops.Drain},
		Judged:    "whether each acknowledged element came out, and nothing else did",
		Unjudged:  "the order of elements, what comes out twice, and when a queue is found empty",
		Checker:   func(Settings) checker.Checker { return queues.AtLeastOnce() },
		exchanged: queueValues,
	},
	{
		Name: "priority-queue", Linear: linear.PriorityQueue,
		Doc:    "a queue of integers from which the smallest comes out first",
		Judged: everyOperation,
		fits:   always,
		exchanged: func(g *Guesser) (put, got shapes) {
			return g.of("insert").in.shape, g.of("delete-min").out.shape
		},
		observed: []string{"delete-min"},
	},
	{
		Name: "stack", Linear: linear.Stack,
		Doc:    "a stack: the last element pushed is popped first",
		Judged: everyOperation,
		fits:   always,
		exchanged: func(g *Guesser) (put, got shapes) {
			return g.of("push").in.shape, g.of("pop").out.shape
		},
		observed: []string{"pop"},
	},
}

// always is for entries whose functions no other has.
func always(*Guesser) bool { return true }

func queueValues(g *Guesser) (put, got shapes) {
	return g.of("enqueue").in.shape, g.of("dequeue").out.shape | g.of("drain").out.elements
}

package catalog

import "faultline/checker/linear"

// queues give each element out once.
var queues = []Entry{
	{
		Name: "fifo-queue", Linear: linear.FIFOQueue,
		Doc:       "a queue that keeps the order of its elements",
		Judged:    everyOperation,
		Weaker:    []string{"unordered-queue"},
		fits:      always,
		exchanged: queueValues,
		observed:  []string{"dequeue", "drain"},
	},
	{
		Name: "unordered-queue", Aliases: []string{"queue"}, Linear: linear.UnorderedQueue,
		Doc:       "a queue that gives its elements out in any order; drain is as many dequeues as it returns elements",
		Judged:    everyOperation,
		Unjudged:  "the order of elements",
		fits:      always,
		exchanged: queueValues,
		observed:  []string{"dequeue", "drain"},
	},
	{
		Name: "stack", Linear: linear.Stack,
		Doc:    "the element that came last goes first",
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

package queues

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/internal/wording"
)

// The names of the parts.
const (
	TotalPart       = "total-queue"
	AtLeastOncePart = "at-least-once-queue"
)

// Total asks whether what goes into a queue comes out of it, once, as Jepsen's total-queue does. A drain is as many dequeues as it
// returns elements, and finds the queue empty in the end. A dequeue that returns null finds it empty.
//
//	lost        an acknowledged element that never came out, although an operation that began after the enqueue had returned
//	            found the queue empty
//	unexpected  an element that came out although nothing had enqueued it yet, or only enqueues that failed
//	duplicated  an element that came out more often than it had been enqueued
//
// A dequeue of unknown outcome may have taken an element that nobody has seen since, so elements are lost only if more are missing than
// there are such dequeues. A drain of unknown outcome may have taken any number: if elements are missing that no dequeue can have
// taken, the answer is unknown then. Jepsen takes such dequeues for failed ones, and ends in an exception for such a drain,
// and for one that returns no list (https://github.com/jepsen-io/jepsen/issues/282).
//
// If an acknowledged element did not come out and nobody found the queue empty afterwards, the answer is unknown: it may be there
// still. Jepsen calls it lost. It takes failed enqueues for attempts, and allows duplicates: see AtLeastOnce.
func Total() checker.Checker {
	return kind(TotalPart, func() perkey.Judge { return new(totals) })
}

// AtLeastOnce is Total for a queue that may give an element to several consumers: nothing is duplicated. This is all that Jepsen's
// total-queue demands.
func AtLeastOnce() checker.Checker {
	return kind(AtLeastOncePart, func() perkey.Judge { return &totals{again: true} })
}

func kind(part string, begin func() perkey.Judge) checker.Checker {
	return perkey.Kind{Part: part, Noun: "queue", Functions: []string{ops.Enqueue, ops.Dequeue, ops.Drain}, Begin: begin}.Checker()
}

// totals judges queues.
type totals struct {
	again     bool // duplicates are allowed
	out       int  // acknowledged elements that came out
	unknown   int  // acknowledged elements that operations of unknown outcome may have taken
	recovered int  // elements that came out though nothing says that their enqueues took effect
	repeated  int  // elements that came out too often
}

func (j *totals) Judge(o *perkey.Object) []checker.Finding {
	q, unreadable := readQueue(o)
	if unreadable != nil {
		return []checker.Finding{*unreadable}
	}
	f := q.fates()
	j.out += f.out
	j.recovered += f.recovered
	j.repeated += len(f.duplicated)
	found := q.missing(f)
	if len(found) == 0 {
		j.unknown += len(f.missing)
	}
	if len(f.unexpected) > 0 {
		found = append(found, q.unexpected(f.unexpected))
	}
	if len(f.duplicated) > 0 && !j.again {
		found = append(found, q.duplicated(f.duplicated))
	}
	return found
}

func (j *totals) Held() (string, bool) {
	if j.out+j.recovered+j.unknown == 0 {
		return "no element came out of a queue", false
	}
	text := wording.Count(j.out, "acknowledged element") + " came out"
	if j.recovered > 0 {
		text += fmt.Sprintf("; %s recovered", wording.Were(j.recovered))
	}
	if j.unknown > 0 {
		text += fmt.Sprintf("; dequeues of unknown outcome can have taken %s", wording.Grouped(j.unknown))
	}
	if j.repeated > 0 {
		text += fmt.Sprintf("; %s came out too often", wording.Grouped(j.repeated))
	}
	return text, true
}

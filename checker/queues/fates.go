package queues

import (
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/history"
	"faultline/internal/wording"
)

// fates are what became of the elements of a queue, which are named by their numbers.
type fates struct {
	out        int      // how many acknowledged ones came out
	recovered  int      // how many others did
	missing    []absent // acknowledged before the queue was found empty, and never came out: an element as often as it is missing
	open       []int    // acknowledged afterwards, and never came out
	unexpected []int
	duplicated []int
}

func (q *queue) fates() fates {
	var f fates
	for n := range q.elements {
		m := q.match(&q.elements[n])
		switch {
		case m.unexplained == 0:
			f.unexpected = append(f.unexpected, n)
		case m.unexplained > 0:
			f.duplicated = append(f.duplicated, n)
		}
		for _, by := range m.left {
			if by < never {
				f.missing = append(f.missing, absent{n, by})
			}
		}
		if slices.Contains(m.left, never) {
			f.open = append(f.open, n)
		}
		f.out += m.acknowledged
		f.recovered += m.recovered
	}
	return f
}

// missing are the findings about acknowledged elements that did not come out.
func (q *queue) missing(f fates) []checker.Finding {
	switch lost, taken := q.excess(f.missing); {
	case lost > 0:
		return []checker.Finding{q.lost(f.missing[:lost])}
	case taken:
		all := elementsOf(f.missing)
		return []checker.Finding{q.Undecided(fmt.Sprintf("%s did not come out of %s, and nobody knows what %s took, whose outcome is unknown: %s",
			wording.Count(len(all), "acknowledged element"), q.The(), perkey.Who(q.drained), perkey.Some(q.values(all))), q.last(all[0]), q.drained)}
	case len(f.open) > 0:
		return []checker.Finding{q.Undecided(fmt.Sprintf("%s did not come out of %s, and nobody has found it empty since: %s",
			wording.Count(len(f.open), "acknowledged element"), q.The(), perkey.Some(q.values(f.open))), q.last(f.open[0]))}
	default:
		return nil
	}
}

// elementsOf are the numbers of elements, in order.
func elementsOf(missing []absent) []int {
	var all []int
	for _, m := range missing {
		all = append(all, m.element)
	}
	slices.Sort(all)
	return all
}

// lost shows the first of the elements that are missing. Dequeues of unknown outcome are too few for all of them.
func (q *queue) lost(missing []absent) checker.Finding {
	all := elementsOf(missing)
	empty := q.empties[len(q.empties)-1]
	enqueues := q.due(all[0], empty)
	lost, unknown := "lost", ""
	if took := q.takers(missing[len(missing)-1].by); took > 0 {
		lost, unknown = "lost some of", fmt.Sprintf("; %s of unknown outcome can have taken %s", wording.Count(took, "dequeue"), wording.Grouped(took))
	}
	return q.Found("lost", fmt.Sprintf("%s %s %s: %s; %s found it empty after %s had returned%s", q.The(), lost, wording.Count(len(all), "acknowledged element"),
		perkey.Some(q.values(all)), perkey.Who(empty), perkey.Doing(enqueues[0]), unknown), append(enqueues, empty)...)
}

// due are the last enqueues of an element that were acknowledged before an operation began that found the queue empty: one more than that
// operation took out of it. With unique elements that is the only one.
func (q *queue) due(n int, empty *history.Operation) []*history.Operation {
	e := &q.elements[n]
	most := 1
	for _, out := range e.out {
		if out == empty {
			most++
		}
	}
	var all []*history.Operation
	for _, op := range slices.Backward(e.in) {
		if len(all) < most && op.Outcome == history.OK && op.Returned < empty.Invoked {
			all = append(all, op)
		}
	}
	return all
}

func (q *queue) unexpected(all []int) checker.Finding {
	e := &q.elements[all[0]]
	out, cause := e.out[0], e.failed
	why := "which nothing had enqueued"
	switch {
	case len(e.in) > 0:
		cause = e.in[0]
		why = fmt.Sprintf("before %s of it began", perkey.Who(cause))
	case cause != nil:
		why = fmt.Sprintf("although %s of it had failed", perkey.Who(cause))
	}
	values := q.values(all)
	return q.Found("unexpected", fmt.Sprintf("%s of %s took %s, %s%s", perkey.Who(out), q.The(), perkey.Short(values[0]), why, perkey.Others(values)), cause, out)
}

func (q *queue) duplicated(all []int) checker.Finding {
	e := &q.elements[all[0]]
	k := q.match(e).unexplained
	values := q.values(all)
	shown := slices.Concat(e.out[:k+1], e.in[:min(len(e.in), k)])
	f := q.Found("duplicated", fmt.Sprintf("%s came out of %s %s, and had been enqueued %s until then%s", perkey.Short(values[0]), q.The(), times(k+1), times(k),
		perkey.Others(values)), shown...)
	f.Hint = "a queue that gives each element at least once may do so"
	return f
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return wording.Grouped(n) + " times"
	}
}

// last is the last enqueue of an element that was acknowledged: with unique elements the only one.
func (q *queue) last(n int) *history.Operation {
	var last *history.Operation
	for _, op := range q.elements[n].in {
		if op.Outcome == history.OK {
			last = op
		}
	}
	return last
}

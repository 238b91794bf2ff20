package queues

import (
	"fmt"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/history"
	"faultline/internal/wording"
)

// fates are what became of the elements of a queue, which are named by their numbers.
type fates struct {
	out        int   // how many acknowledged ones came out
	recovered  int   // how many others did
	missing    []int // acknowledged before the queue was found empty, and never came out: an element as often as it is missing
	open       []int // acknowledged afterwards, and never came out
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
		for range m.left[due] {
			f.missing = append(f.missing, n)
		}
		if m.left[kept] > 0 {
			f.open = append(f.open, n)
		}
		f.out += m.explain[due] + m.explain[kept]
		f.recovered += m.explain[unknown]
	}
	return f
}

// missing are the findings about acknowledged elements that did not come out.
func (q *queue) missing(f fates) []checker.Finding {
	switch {
	case len(f.missing) > q.took && q.drained != nil:
		return []checker.Finding{q.Undecided(fmt.Sprintf("%s did not come out of %s, and nobody knows what %s took, whose outcome is unknown: %s",
			wording.Count(len(f.missing), "acknowledged element"), q.The(), perkey.Who(q.drained), perkey.Some(q.values(f.missing))), q.last(f.missing[0], due), q.drained)}
	case len(f.missing) > q.took:
		return []checker.Finding{q.lost(f.missing)}
	case len(f.open) > 0:
		return []checker.Finding{q.Undecided(fmt.Sprintf("%s did not come out of %s, and nobody has found it empty since: %s",
			wording.Count(len(f.open), "acknowledged element"), q.The(), perkey.Some(q.values(f.open))), q.last(f.open[0], kept))}
	default:
		return nil
	}
}

func (q *queue) lost(missing []int) checker.Finding {
	enqueue := q.last(missing[0], due)
	lost, unknown := "lost", ""
	if q.took > 0 {
		lost, unknown = "lost some of", fmt.Sprintf("; %s of unknown outcome can have taken %s", wording.Count(q.took, "dequeue"), wording.Grouped(q.took))
	}
	return q.Found("lost", fmt.Sprintf("%s %s %s: %s; %s found it empty after %s had returned%s", q.The(), lost, wording.Count(len(missing), "acknowledged element"),
		perkey.Some(q.values(missing)), perkey.Who(q.empty), perkey.Doing(enqueue), unknown), enqueue, q.empty)
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
	const most = 3 // enqueues that are shown
	shown := append([]*history.Operation{e.out[k-1], e.out[k]}, e.in[:min(len(e.in), k, most)]...)
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

// last is the last enqueue of a kind of an element: with unique elements the only one.
func (q *queue) last(n, kind int) *history.Operation {
	var last *history.Operation
	for _, op := range q.elements[n].in {
		if q.kind(op) == kind {
			last = op
		}
	}
	return last
}

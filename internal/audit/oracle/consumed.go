package oracle

import (
	"cmp"
	"math"
	"slices"
)

// outlet is an element that came out of a queue.
type outlet struct {
	value    Value
	returned int
}

// traffic is what went into a queue and what came out of it.
type traffic struct {
	in     []Operation // enqueues that did not fail
	out    []outlet
	taken  []Operation // dequeues of which nobody knows what they took
	drains []Operation // the same of drains
	empty  []Operation // which found nothing
}

func (o object) traffic() (t traffic, ok bool) {
	ok = true
	for _, op := range o.ops {
		switch {
		case op.F == "enqueue" && op.Input.kind <= Nil:
			return t, false
		case op.Outcome == Fail:
		case op.F == "enqueue":
			t.in = append(t.in, op)
		case op.F == "dequeue" && op.Outcome == Info:
			t.taken = append(t.taken, op)
		case op.F == "drain" && op.Outcome == Info:
			t.drains = append(t.drains, op)
		case op.F == "dequeue" && op.Output.kind <= Nil:
			ok = ok && op.Output.kind == Nil
			t.empty = append(t.empty, op)
		case op.F == "dequeue":
			t.out = append(t.out, outlet{op.Output, op.Returned})
		default:
			ok = ok && op.Output.kind == List
			t.empty = append(t.empty, op)
			for _, v := range op.Output.items {
				ok = ok && v.kind > Nil
				t.out = append(t.out, outlet{v, op.Returned})
			}
		}
	}
	slices.SortStableFunc(t.out, func(a, b outlet) int { return cmp.Compare(a.returned, b.returned) })
	return t, ok
}

func consumed(once bool) func(o object, j *Judgement) {
	return func(o object, j *Judgement) {
		t, ok := o.traffic()
		if !ok {
			j.Unclear = true
			return
		}
		for _, e := range t.elements() {
			switch place := t.unexplained(e); {
			case place == 0:
				j.broke("unexpected", o.key, true)
			case place > 0:
				j.broke("duplicated", o.key, once)
			}
			j.told = j.told || t.unexplained(e) != 0
		}
		w := t.best()
		j.broke("lost", o.key, !w.gone(true))
		j.told = j.told || len(w.due) > 0 && w.gone(true)
		j.Undecided = j.Undecided || !w.gone(false) || w.kept > 0
	}
}

// elements are those that came out.
func (t *traffic) elements() (all []Value) {
	for _, o := range t.out {
		if count(all, o.value) == 0 {
			all = append(all, o.value)
		}
	}
	return all
}

// unexplained is the place of the first time that an element came out more often than it had been enqueued by then; -1 if there is none.
func (t *traffic) unexplained(e Value) int {
	place := 0
	for _, o := range t.out {
		if !o.value.Equal(e) {
			continue
		}
		enqueued := 0
		for _, in := range t.in {
			if in.Input.Equal(e) && in.Invoked < o.returned {
				enqueued++
			}
		}
		if enqueued <= place {
			return place
		}
		place++
	}
	return -1
}

// goneBy is until when an element must have been taken: the first return of an operation that began after it was certainly there and
// found the queue empty.
func (t *traffic) goneBy(in Operation) int {
	by := math.MaxInt
	for _, e := range t.empty {
		if e.Invoked > in.Returned {
			by = min(by, e.Returned)
		}
	}
	return by
}

// way is one in which what came out was that of enqueues.
type way struct {
	*traffic
	due  []int // by when the acknowledged elements that did not come out, and must have left, were gone
	kept int   // and how many may be there still
}

// best tries all ways, for each element by itself, and is the one that leaves the fewest that must have left, and of these the fewest that
// may be there still.
func (t *traffic) best() way {
	all := way{traffic: t}
	var elements []Value
	for _, in := range t.in {
		if count(elements, in.Input) == 0 {
			elements = append(elements, in.Input)
			w := t.bestOf(in.Input)
			all.due, all.kept = append(all.due, w.due...), all.kept+w.kept
		}
	}
	slices.Sort(all.due)
	return all
}

func (t *traffic) bestOf(e Value) way {
	var best *way
	var in []Operation
	var out []int // returns
	for _, op := range t.in {
		if op.Input.Equal(e) {
			in = append(in, op)
		}
	}
	for _, o := range t.out {
		if o.value.Equal(e) {
			out = append(out, o.returned)
		}
	}
	type configuration struct{ out, used int }
	visited := map[configuration]bool{}
	var from func(c configuration)
	from = func(c configuration) {
		switch {
		case visited[c]:
			return
		case c.out == len(out):
			if w := t.left(in, c.used); best == nil || w.before(best) {
				best = &w
			}
		}
		visited[c] = true
		explained := false
		for k := range in {
			if c.out < len(out) && c.used>>k&1 == 0 && in[k].Invoked < out[c.out] {
				explained = true
				from(configuration{c.out + 1, c.used | 1<<k})
			}
		}
		if !explained && c.out < len(out) {
			from(configuration{c.out + 1, c.used})
		}
	}
	from(configuration{})
	return *best
}

// left is the way in which all enqueues but those used are left over.
func (t *traffic) left(in []Operation, used int) way {
	w := way{traffic: t}
	for k, op := range in {
		switch by := t.goneBy(op); {
		case used>>k&1 == 1 || op.Outcome != OK:
		case by == math.MaxInt:
			w.kept++
		default:
			w.due = append(w.due, by)
		}
	}
	slices.Sort(w.due)
	return w
}

func (w way) before(other *way) bool {
	return cmp.Or(cmp.Compare(len(w.due), len(other.due)), cmp.Compare(w.kept, other.kept), slices.Compare(other.due, w.due)) < 0
}

// gone reports whether operations of unknown outcome can have taken what must have left: dequeues one each and, if that is allowed, drains
// any number.
func (w way) gone(drained bool) bool {
	taken := make([]bool, len(w.taken))
	var from func(i int) bool
	from = func(i int) bool {
		if i == len(w.due) {
			return true
		}
		for _, d := range w.drains {
			if drained && d.Invoked < w.due[i] && from(i+1) {
				return true
			}
		}
		for k, d := range w.taken {
			if !taken[k] && d.Invoked < w.due[i] {
				taken[k] = true
				if from(i + 1) {
					return true
				}
				taken[k] = false
			}
		}
		return false
	}
	return from(0)
}

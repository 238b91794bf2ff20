package queues_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/drawn"
	"faultline/checker/internal/scripttest"
	"faultline/checker/linear"
	"faultline/checker/queues"
	"faultline/cluster/ops"
	"faultline/history"
)

// The checker finds an explanation exactly if a search for one does.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[checker.Validity]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := &lyingQueue{lies: rapid.SampledFrom([]int{0, 5, 30}).Draw(t, "lies"), values: rapid.SampledFrom([]int64{2, 30}).Draw(t, "values")}
		all := drawn.Operations(t, 14, s)
		want := byDefinition(all)
		counts[want]++
		got := queues.Total().Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
		if got.Validity != want {
			t.Fatalf("want %v, got %s\n%s", want, scripttest.Show(got), drawn.Show(all))
		}
		lenient := queues.AtLeastOnce().Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
		if onlyDuplicated(got) != (got.Validity == checker.Invalid && lenient.Validity != checker.Invalid) {
			t.Fatalf("total-queue: %s\nat least once: %s\n%s", scripttest.Show(got), scripttest.Show(lenient), drawn.Show(all))
		}
	})
	t.Log(counts)
}

// What is linearizable as a queue of any order is right, as far as there are no drains: for that model a drain is some dequeues, and
// need not find the queue empty.
func TestLinearizableQueuesAreRight(t *testing.T) {
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		s := &lyingQueue{lies: rapid.SampledFrom([]int{0, 20}).Draw(t, "lies"), values: 30, undrained: true}
		all := drawn.Operations(t, 14, s)
		if linear.Linearizable(linear.UnorderedQueue(), all, checker.Options{}).Validity != checker.Valid {
			return
		}
		valid++
		if got := queues.Total().Check(t.Context(), checker.Input{Operations: all}, checker.Options{}); got.Validity == checker.Invalid {
			t.Fatalf("%s\n%s", scripttest.Show(got), drawn.Show(all))
		}
	})
	t.Logf("%d of them are", valid)
}

func onlyDuplicated(p checker.Part) bool {
	invalid := slices.DeleteFunc(slices.Clone(p.Findings), func(f checker.Finding) bool { return f.Validity != checker.Invalid })
	return len(invalid) == 1 && invalid[0].Rule == "duplicated"
}

// lyingQueue is a queue that loses, repeats or invents elements now and then: so often of a hundred times.
type lyingQueue struct {
	held      []history.Value
	lies      int
	values    int64
	undrained bool
}

func (s *lyingQueue) Invoke(t *rapid.T) history.Operation {
	switch n := rapid.IntRange(0, 11).Draw(t, "kind"); {
	case n < 5:
		return history.Operation{F: ops.Enqueue, Input: history.IntValue(rapid.Int64Range(1, s.values).Draw(t, "element"))}
	case n < 10 || s.undrained:
		return history.Operation{F: ops.Dequeue}
	default:
		return history.Operation{F: ops.Drain}
	}
}

func (s *lyingQueue) Apply(t *rapid.T, op *history.Operation) {
	lies := rapid.IntRange(0, 99).Draw(t, "lie") < s.lies
	switch {
	case op.F == ops.Enqueue && !lies:
		s.held = append(s.held, op.Input)
	case op.F == ops.Drain:
		op.Output = history.ListValue(s.held...)
		if s.held = nil; lies {
			s.held, _ = op.Output.List()
		}
	case op.F == ops.Dequeue && len(s.held) > 0:
		op.Output = s.held[0]
		if !lies {
			s.held = s.held[1:]
		}
	case op.F == ops.Dequeue && lies:
		op.Output = history.IntValue(rapid.Int64Range(1, s.values).Draw(t, "element"))
	case op.F == ops.Dequeue:
		op.Output = history.NilValue()
	}
}

// taken is an element that came out.
type taken struct {
	v  history.Value
	at int32
}

// byDefinition gives each element that came out to an enqueue of it that began before, in all ways, and takes the one that leaves the fewest
// enqueues that were acknowledged before the queue was found empty, then the fewest others. Of the former each must have been taken by
// a dequeue of unknown outcome, or by a drain, that began before the queue was found empty.
func byDefinition(all []history.Operation) checker.Validity {
	var out []taken
	var enqueues, dequeues, drains, empty []history.Operation
	for _, op := range all {
		switch {
		case op.F == ops.Enqueue && op.Outcome != history.Fail:
			enqueues = append(enqueues, op)
		case op.F == ops.Drain && op.Outcome == history.Info:
			drains = append(drains, op)
		case op.F == ops.Dequeue && op.Outcome == history.Info:
			dequeues = append(dequeues, op)
		case op.F == ops.Enqueue || op.Outcome != history.OK:
		case op.F == ops.Drain:
			empty = append(empty, op)
			for v := range op.Output.Elements {
				out = append(out, taken{v, op.Returned})
			}
		case op.Output.Kind() == history.Nil:
			empty = append(empty, op)
		default:
			out = append(out, taken{op.Output, op.Returned})
		}
	}
	due, kept, explained := explain(out, enqueues, empty)
	acknowledged := slices.ContainsFunc(enqueues, func(e history.Operation) bool { return e.Outcome == history.OK })
	switch {
	case !explained, !gone(due, dequeues, drains):
		return checker.Invalid
	case !gone(due, dequeues, nil), kept > 0:
		return checker.Unknown
	case len(out) == 0 && !acknowledged:
		return checker.Unknown
	default:
		return checker.Valid
	}
}

// explain tries all ways. It says by when what is left over must have left the queue, and how much else is left over that was acknowledged.
func explain(out []taken, enqueues, empty []history.Operation) (due []int32, kept int, ok bool) {
	if len(out) == 0 {
		for _, e := range enqueues {
			by := int32(-1)
			for _, o := range empty {
				if o.Invoked > e.Returned && (by < 0 || o.Returned < by) {
					by = o.Returned
				}
			}
			switch {
			case e.Outcome != history.OK:
			case by >= 0:
				due = append(due, by)
			default:
				kept++
			}
		}
		slices.Sort(due)
		return due, kept, true
	}
	for i, e := range enqueues {
		if !e.Input.Equal(out[0].v) || e.Invoked > out[0].at {
			continue
		}
		d, k, can := explain(out[1:], slices.Delete(slices.Clone(enqueues), i, i+1), empty)
		if can && (!ok || len(d) < len(due) || len(d) == len(due) && (k < kept || k == kept && slices.Compare(d, due) > 0)) {
			due, kept, ok = d, k, true
		}
	}
	return due, kept, ok
}

// gone reports whether somebody can have taken each element in time: a dequeue takes one, and a drain any number.
func gone(due []int32, dequeues, drains []history.Operation) bool {
	if len(due) == 0 {
		return true
	}
	began := func(op history.Operation) bool { return op.Invoked < due[0] }
	if slices.ContainsFunc(drains, began) && gone(due[1:], dequeues, drains) {
		return true
	}
	for i, op := range dequeues {
		if began(op) && gone(due[1:], slices.Delete(slices.Clone(dequeues), i, i+1), drains) {
			return true
		}
	}
	return false
}

package record

import (
	"slices"

	"faultline/history"
	"faultline/internal/timebound"
)

// stepsOf are the steps of an operation that is kept as such, and whether its reads were answered; nil if it is kept as values.
func stepsOf(op *history.Operation) (steps []history.Step, answered bool) {
	switch {
	case op.F != "txn":
		return nil, false
	case op.Outcome == history.OK && op.Output.Kind() != history.None:
		return op.Output.Steps(), true
	default:
		return op.Input.Steps(), false
	}
}

// addSteps adds operations if all of them are kept as steps. These can be misunderstood in no way, and take less time here than to be divided among
// processors and put together.
func (b *Builder) addSteps(ops []history.Operation) (added bool) {
	total := 0
	for i := range ops {
		steps, _ := stepsOf(&ops[i])
		if steps == nil {
			return false
		}
		total += len(steps)
	}
	h := &b.h
	h.Process, h.Invoked, h.Returned = slices.Grow(h.Process, len(ops)), slices.Grow(h.Invoked, len(ops)), slices.Grow(h.Returned, len(ops))
	h.First, h.Outcome = slices.Grow(h.First, len(ops)+1), slices.Grow(h.Outcome, len(ops))
	s := &h.Steps
	s.Txn, s.Kind, s.Key = slices.Grow(s.Txn, total), slices.Grow(s.Kind, total), slices.Grow(s.Key, total)
	s.Value, s.Saw = slices.Grow(s.Value, total), slices.Grow(s.Saw, total)
	for i := range ops {
		if i%blockLength == 0 && timebound.Closed(b.stop) {
			break
		}
		b.addTransaction(&ops[i])
	}
	return true
}

// addTransaction adds an operation that is kept as steps.
func (b *Builder) addTransaction(op *history.Operation) {
	h := &b.h
	s, t := &h.Steps, int32(h.Len())
	h.Process, h.Invoked, h.Returned = append(h.Process, op.Process), append(h.Invoked, op.Invoked), append(h.Returned, returned(op))
	h.First, h.Outcome = append(h.First, int32(len(s.Kind))), append(h.Outcome, op.Outcome)
	steps, answered := stepsOf(op)
	for _, step := range steps {
		key := b.keyOf(history.IntValue(step.Key))
		kind, value, saw := Read, Element(0), int32(Unread)
		if answered && !step.Write {
			value, saw = Absent, Initial
		}
		if step.Write {
			kind = Write
		}
		if step.Write || answered && !step.Nil {
			value = element(history.IntValue(step.Value), &h.Keys.others[key])
		}
		s.Txn, s.Kind, s.Key = append(s.Txn, t), append(s.Kind, kind), append(s.Key, key)
		s.Value, s.Saw = append(s.Value, value), append(s.Saw, saw)
	}
}

package linear

import (
	"cmp"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
)

// Linearizable decides whether the operations are linearizable: whether there is an order in which
// the model does what clients saw, and in which an operation that returned before another one was
// invoked comes first. Before means the position in the history; the times of events play no part.
//
// Each key is decided on its own. The findings are the keys that are invalid or unknown, by name. The check runs in real time: in a
// world with a virtual clock its bound would never pass.
func Linearizable(m Model, ops []history.Operation, opts checker.Options) checker.Part {
	opts = opts.WithDefaults()
	return decideAs(checker.LinearizablePart, m, ops, opts, newClock(opts.Timeout).Until(opts.Done))
}

// decideAs makes the part of that name.
func decideAs(name string, m Model, ops []history.Operation, opts checker.Options, c *clock) checker.Part {
	part := checker.Part{Name: name, Model: m.name, Operations: len(ops)}
	m, err := m.Beginning(opts.Initial)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	r := arenas.Get().(*arena)
	all, inTime := subjects(&m, ops, c, r)
	if !inTime {
		part.Reason = outOfTimeToRead
		return part
	}
	decideAll(all, c, opts.Memory)
	conclude(&part, all, c, opts.Memory)
	r.leave()
	return part
}

// outOfTimeToRead is the reason of what was not even read.
const outOfTimeToRead = "there was no time to read the operations"

// subjects reads the objects of a history, by name.
func subjects(m *Model, ops []history.Operation, c *clock, r *arena) (all []subject, inTime bool) {
	inTime = c.Within(func() {
		for _, o := range objects(m, ops, c, r) {
			all = append(all, o)
		}
		timebound.SortFunc(c, all, func(a, b subject) int { return cmp.Compare(a.(*object).name, b.(*object).name) })
	})
	return all, inTime
}

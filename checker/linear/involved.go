package linear

import (
	"time"

	"faultline/checker"
	"faultline/history"
)

// involved are the operations that a finding speaks of, as it takes them.
type involved struct {
	ops    []history.Operation
	rows   []int          // where they are in the history's operations
	row    map[int32]int  // by the position in the history at which they were invoked
	writes map[int32]bool // likewise: those cas that stand for no more than a write of their value
}

// involvedIn picks the operations of a finding out of those of the history or, if it names none, all on its object.
func involvedIn(ops []history.Operation, f checker.Finding) involved {
	named := map[int32]checker.Involved{}
	for _, o := range f.Operations {
		named[int32(o.Invoked)] = o
	}
	all := involved{rows: []int{}, row: map[int32]int{}, writes: map[int32]bool{}}
	for i := range ops {
		op := ops[i]
		as, in := named[op.Invoked]
		if op.Key != f.On || !in && len(named) > 0 {
			continue
		}
		if in && as.Returned < 0 && op.Outcome != history.Info {
			op.Outcome, op.Output = history.Info, history.Value{}
		}
		all.ops, all.rows = append(all.ops, op), append(all.rows, i)
		all.row[op.Invoked], all.writes[op.Invoked] = i, as.Write
	}
	return all
}

// object reads the operations, with reads invoked earlier if staleness is above 0. The function says at which position in the history the
// operation of an item was invoked. It is nil if they are not those of one object, or there was no time.
func (v involved) object(m *Model, staleness time.Duration, c *clock) (o *object, moved *places, invoked func(item int) int32) {
	ops := v.ops
	invoked = func(item int) int32 { return o.op(item).Invoked }
	if staleness > 0 {
		if !c.Within(func() { ops, moved = earlierReads(v.ops, staleness, c) }) {
			return nil, nil, nil
		}
		invoked = func(item int) int32 { return moved.was[o.op(item).Invoked] }
	}
	var all []*object
	if !c.Within(func() { all = objects(m, ops, c, new(arena)) }) || len(all) != 1 || all[0].bad != nil {
		return nil, nil, nil
	}
	o = all[0]
	for i := range o.items {
		if v.writes[invoked(i)] {
			o.items[i].action = writes
		}
	}
	return o, moved, invoked
}

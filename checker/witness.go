package checker

import (
	"cmp"
	"slices"

	"github.com/anishathalye/porcupine"
)

// Witness is the stage that verifies an order which the system under test proposed itself, by the log
// index that it claims for each operation. The order is not evidence: it counts only if it respects
// real time and the model accepts it, and then it is a linearization, whoever proposed it. If it fails,
// nothing follows, and the next stage decides.
const Witness = "witness"

// verify reports whether an order of the operations, given by their positions, is a linearization. It
// takes linear time.
//
// An order respects real time if no operation stands behind one that was invoked after it returned.
// That is so if none returned before the latest invocation among those in front of it.
func (q *question) verify(order []int) bool {
	if len(order) != len(q.operations) {
		return false
	}
	placed := make([]bool, len(order))
	state, latest := q.model.Init(), int64(-1)
	for _, i := range order {
		op := &q.operations[i]
		if placed[i] || op.Return < latest {
			return false
		}
		placed[i] = true
		latest = max(latest, op.Call)
		ok, next := q.model.Step(state, op.Input, op.Output)
		if !ok {
			return false
		}
		state = next
	}
	return true
}

// propose orders the operations on a register by the index that the system claims for them; nil if it
// claims none for some. What changes the register comes before what only saw the same index. A pending
// operation has no index: it comes right before the first operation that must have seen its value, or
// at the end.
func propose(operations []porcupine.Operation) []int {
	p := &proposal{steps: make([]*step, len(operations)), producer: map[int32]int{}}
	var claimed, silent []int
	for i := range operations {
		s := operations[i].Input.(*step)
		p.steps[i] = s
		v, produces := s.produces()
		switch {
		case s.op.LogIndex > 0:
			claimed = append(claimed, i)
		case !produces:
			return nil
		default:
			silent = append(silent, i)
			p.producer[v] = i
		}
	}
	slices.SortStableFunc(claimed, func(a, b int) int {
		x, y := p.steps[a], p.steps[b]
		return cmp.Or(cmp.Compare(x.op.LogIndex, y.op.LogIndex), cmp.Compare(x.rank(), y.rank()), cmp.Compare(x.call, y.call))
	})
	for _, i := range claimed {
		p.place(i)
	}
	placed := make([]bool, len(operations))
	for _, i := range p.order {
		placed[i] = true
	}
	for _, i := range silent {
		if !placed[i] {
			p.order = append(p.order, i)
		}
	}
	return p.order
}

// rank orders what claims the same index.
func (s *step) rank() int {
	if _, ok := s.produces(); ok {
		return 0
	}
	return 1
}

// proposal is an order in the making.
type proposal struct {
	steps    []*step
	producer map[int32]int // value → the pending operation that may have produced it, while it is not placed
	held     int32
	order    []int
}

// place appends an operation, and before it those pending ones that it needs: a cas among them may need
// another. An operation leaves the map before what it needs is placed, so this ends.
func (p *proposal) place(i int) {
	s := p.steps[i]
	if want, ok := s.observes(); ok && want != p.held {
		if j, ok := p.producer[want]; ok {
			delete(p.producer, want)
			p.place(j)
		}
	}
	p.order = append(p.order, i)
	if put, ok := s.produces(); ok {
		p.held = put
	}
}

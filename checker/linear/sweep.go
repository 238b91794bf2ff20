package linear

import (
	"cmp"

	"faultline/internal/timebound"
)

// sweep walks through the events of items in order: call for an invocation, ret for a return. Each says
// whether to go on; sweep reports whether all did. Where positions are equal, which no history allows,
// invocations come first.
func sweep(c *clock, items []item, call, ret func(*item) bool) bool {
	returns := make([]int32, 0, len(items))
	for i := range c.UpTo(len(items)) {
		if !items[i].pending {
			returns = append(returns, int32(i))
		}
	}
	timebound.SortFunc(c, returns, func(a, b int32) int { return cmp.Compare(items[a].ret, items[b].ret) })
	for i := range items {
		c.Spend(1)
		for len(returns) > 0 && items[returns[0]].ret < items[i].call {
			if !ret(&items[returns[0]]) {
				return false
			}
			returns = returns[1:]
		}
		if !call(&items[i]) {
			return false
		}
	}
	for _, r := range returns {
		c.Spend(1)
		if !ret(&items[r]) {
			return false
		}
	}
	return true
}

// queue is the items that were invoked and have not taken effect, all of one kind, of which the one that
// returns first is the first to take effect.
type queue struct{ heap []*item }

func (q *queue) add(it *item) {
	q.heap = append(q.heap, it)
	for i := len(q.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if q.heap[parent].ret <= q.heap[i].ret {
			break
		}
		q.heap[parent], q.heap[i] = q.heap[i], q.heap[parent]
		i = parent
	}
}

// take lets the first take effect. It reports whether there is one.
func (q *queue) take() bool {
	last := len(q.heap) - 1
	if last < 0 {
		return false
	}
	q.heap[0] = q.heap[last]
	q.heap = q.heap[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if q.heap[child].ret < q.heap[least].ret {
				least = child
			}
		}
		if least == i {
			return true
		}
		q.heap[i], q.heap[least] = q.heap[least], q.heap[i]
		i = least
	}
}

// overdue reports whether an item that returns now has not taken effect: it is the first then, as those
// that return earlier have.
func (q *queue) overdue(it *item) bool { return len(q.heap) > 0 && q.heap[0].ret <= it.ret }

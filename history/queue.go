package history

// queue is operations that wait until those invoked before them are over.
type queue struct {
	ops    []Operation // from the first that is not over on; one that is under way has the outcome Invoke
	places map[int]int // of those under way, by process, counted from the first operation of all
	gone   int         // operations before ops
	head   int         // of ops those that are gone too
}

func (q *queue) invoke(process int) {
	if q.head > len(q.ops)/2 {
		q.gone, q.ops, q.head = q.gone+q.head, q.ops[:copy(q.ops, q.ops[q.head:])], 0
	}
	q.places[process] = q.gone + len(q.ops)
	q.ops = append(q.ops, Operation{Outcome: Invoke})
}

func (q *queue) complete(process int, op *Operation) {
	q.ops[q.places[process]-q.gone] = *op
	delete(q.places, process)
}

// giveUp ends operations that nothing completes.
func (q *queue) giveUp(pending []Operation) {
	for i := range pending {
		q.complete(int(pending[i].Process), &pending[i])
	}
}

// next is the next operation, nil if it is not over.
func (q *queue) next() *Operation {
	if q.head == len(q.ops) || q.ops[q.head].Outcome == Invoke {
		return nil
	}
	q.head++
	return &q.ops[q.head-1]
}

package isolation

// current: each read sees the state that the transactions before in the order made (Crooks et al., commit test of serializability).
func current(e *execution, _ int, reads []read) bool {
	return e.isState(reads, len(e.order))
}

// isState reports whether all reads are from the state that the first transactions of the order made: it is a complete state of
// the transaction.
func (e *execution) isState(reads []read, transactions int) bool {
	for _, r := range reads {
		if r.version != e.newest(r.key, transactions) {
			return false
		}
	}
	return true
}

// fromSnapshot: all reads are from one state, which has all that must precede the transaction.
func fromSnapshot(e *execution, t int, reads []read) bool {
	return e.snapshot(t, reads, func(int) bool { return true })
}

// firstCommitterWins: all reads are from one state, which has all that must precede the transaction; and since that state nobody wrote
// what it writes (Crooks et al., commit test of snapshot isolation; with real time it is that of strong SI, with sessions of strong session SI).
//
// Crooks et al. ask strong SI for commits in the order of time stamps, and for a snapshot whose last transaction
// committed before the start. A client's times are intervals in which start and commit lie. There are such times for all
// transactions exactly if each snapshot has what returned before the transaction was invoked.
func firstCommitterWins(e *execution, t int, reads []read) bool {
	return e.snapshot(t, reads, func(transactions int) bool {
		for _, other := range e.order[transactions:] {
			for key := range e.chains {
				if e.h.Transactions[t].writes(key) && e.h.Transactions[other].writes(key) {
					return false
				}
			}
		}
		return true
	})
}

func (e *execution) snapshot(t int, reads []read, free func(transactions int) bool) bool {
	for transactions := len(e.order); transactions > e.before[t].last(e.position); transactions-- {
		if e.isState(reads, transactions) && free(transactions) {
			return true
		}
	}
	return false
}

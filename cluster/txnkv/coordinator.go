package txnkv

import (
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// Two-phase commit (Gray 1978), with presumed abort (Mohan, Lindsay and Obermarck 1986). The coordinator is the leader of one of the
// shards that a transaction has written to; see across.go for which with snapshots. It asks the other shards to prepare, and its decision
// to commit is the entry with which it commits its own branch. What is not in its log is aborted: an entry of an earlier term has no
// effect, so that the next leader knows for certain.
//
// Without snapshots all locks are held when the commit is asked for. A shard that prepares confirms that it has held its own until then,
// also if nothing was written there: so there is a moment at which the transaction had all locks.

// votes asks the other shards of a transaction to prepare, all at once. It returns those that wait for the decision: with clocks all,
// and else those that have written something.
func (e *engine) votes(t *txn, others []participant) (waiting []participant, err error) {
	type vote struct {
		answer answer
		err    error
	}
	votes := make([]chan vote, len(others))
	for i, p := range others {
		votes[i] = make(chan vote, 1)
		e.Process.Go(func() {
			a, out := e.colleagues.ask(p.Shard, asksPrepare, request{Txn: t.id, Term: p.Term, Seq: p.Seq, At: t.stamp,
				Coordinator: participant{Shard: e.shard, Term: e.term}})
			v := vote{answer: a}
			if out.Type != history.OK {
				v.err = &refusal{p.Shard, out.Error}
			}
			votes[i] <- v
		})
	}
	promised := make([]stamp, len(others))
	for i, p := range others {
		v := <-votes[i]
		if err == nil {
			err = v.err
		}
		if promised[i] = v.answer.Index; v.answer.Waits {
			waiting = append(waiting, p)
		}
	}
	if err == nil && e.mode.clocks {
		err = e.agree(t, others, promised)
	}
	return waiting, err
}

// tell tells other shards what was decided, and does not wait until they have heard it: they ask, too.
func (e *engine) tell(t *txn, others []participant, commit bool) {
	for _, p := range others {
		q := request{Txn: t.id, Term: p.Term, Commit: commit, At: t.stamp}
		e.Process.Go(func() { e.colleagues.ask(p.Shard, asksDecide, q) })
	}
}

// ruling says what was decided of a transaction of which this shard is the coordinator. The order of the questions matters: one that has
// been decided is in the log by the time at which it has ended here.
func (e *engine) ruling(q request) rpc.Response {
	e.mu.Lock()
	t, doubt := e.find(q.Txn), e.doubt
	e.mu.Unlock()
	at, commits := e.machine.commits(q.Txn)
	switch {
	case t != nil || doubt || q.Term > e.term:
		return rpc.Refuse(e.term, errUndecided.Error(), "")
	case commits:
		return rpc.Answer(e.term, "commit", answer{Commit: true, Index: at})
	default:
		return rpc.Answer(e.term, "abort", answer{})
	}
}

package txnkv

import (
	"faultline/cluster/ops"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// With clocks a transaction has a timestamp, and the timestamps of those that conflict are in the order in which they have their locks:
// each leader gives larger ones than all that were given before, and keeps in the log up to where it has given them. So who only reads
// needs no locks: it reads all that was committed up to a timestamp, and once a shard is closed up to there nothing is added.
//
// All of this holds whatever the clocks show. What clocks add is that a transaction that begins after another one has ended has the
// larger timestamp. A timestamp is not in the past when it is given, and nobody is told of a transaction before its timestamp
// certainly is: that is the commit-wait.

// give returns a timestamp that is larger than all before, and not less than one. The caller holds mu.
func (e *engine) give(atLeast stamp) stamp {
	e.given = max(atLeast, e.clock.latest(), e.given+1, e.machine.closedUpTo()+1)
	return e.given
}

// pass waits until a timestamp has certainly passed. While clocks keep their bound that takes no more than four times the bound: this clock
// may be behind by the bound, the one that gave the timestamp ahead by it, and both add it on their side. What takes longer was given
// by a clock that is wrong, for which to wait would stop the store and mend nothing.
func (e *engine) pass(s stamp) {
	if d := e.clock.until(s); d > 0 {
		e.Process.Sleep(min(d, 4*e.clock.bound))
	}
}

// passRead waits until what a step reads has certainly been committed for everybody. Who has written it waits too, unless another node
// leads meanwhile.
func (e *engine) passRead(s step) {
	if e.mode.clocks && (s.Kind == ops.ReadStep || s.Kind == ops.ScanStep) {
		e.pass(e.machine.since(s, newest))
	}
}

// close lets no transaction have a timestamp up to one from now on, whoever leads. It is an error if the term is over.
func (e *engine) close(s stamp) error {
	e.mu.Lock()
	e.given = max(e.given, s)
	e.mu.Unlock()
	if e.machine.closedUpTo() >= s {
		return nil
	}
	_, err := e.append(entry{Kind: closes, Term: e.term, Stamp: s})
	return err
}

// readAt reads what was committed up to a timestamp.
func (e *engine) readAt(q request) rpc.Response {
	if err := e.close(q.At); err != nil {
		return e.refused(err)
	}
	if err := e.settle(e, q.Step, q.At); err != nil {
		return rpc.Refuse(e.term, err.Error(), "")
	}
	v, ok := e.machine.look(q.Step, q.At)
	if !ok {
		return rpc.Refuse(e.term, errSnapshotGone.Error(), "")
	}
	e.pass(e.machine.since(q.Step, q.At))
	return looked(v)
}

// shut is close for a coordinator whose transaction has a later timestamp than this shard has promised. The branch here must have kept its
// locks until now.
func (e *engine) shut(q request) rpc.Response {
	e.mu.Lock()
	t := e.find(q.Txn)
	e.mu.Unlock()
	if t == nil || q.Term != e.term {
		return e.aborted(errLeaderChanged.Error())
	}
	if err := e.close(q.At); err != nil {
		return e.refused(err)
	}
	return rpc.Answer(e.term, "closed", answer{Index: q.At})
}

// agree gives a transaction the largest of the timestamps that its shards have promised, and lets all of them give larger ones only.
func (e *engine) agree(t *txn, others []participant, promised []stamp) error {
	e.mu.Lock()
	s := t.stamp
	for _, p := range promised {
		s = max(s, p)
	}
	t.stamp, e.given = s, max(e.given, s)
	e.mu.Unlock()
	for i, p := range others {
		if promised[i] == s {
			continue
		}
		if _, out := e.colleagues.ask(p.Shard, asksClose, request{Txn: t.id, Term: p.Term, At: s}); out.Type != history.OK {
			return &refusal{p.Shard, out.Error}
		}
	}
	return nil
}

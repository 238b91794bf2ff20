package commitlog

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"faultline/cluster/sim/rpc"
)

// transactions is the partition in which the state machines of all transactional ids are. Its leader is the coordinator: it decides what
// becomes of a transaction by a record there, as in two-phase commit, and then has the leaders of all partitions write markers.
const transactions = "__transaction_state"

// state is a state machine as the log has it, and the entry that says so.
type state struct {
	transaction
	n uint64
}

// The requests. Their answer is an identity.
type (
	initializing struct {
		ID string `json:"id"`
	}
	enlisting struct {
		ID string `json:"id"`
		identity
		Partitions []string `json:"partitions"`
	}
	ending struct {
		ID string `json:"id"`
		identity
		Marker marker `json:"marker"`
	}
)

// firstTransactional is what no other producer is called.
const firstTransactional = uint64(1) << 62

// transactional is what a planted bug can take the place of.
type transactional struct {
	begun    func(transaction) (transaction, string) // what becomes of an id that is taken over
	ended    func(epoch uint64) uint64               // the epoch after a transaction of that one
	fences   func(known, has uint64) bool            // whether a producer with an epoch is refused, given the latest epoch known
	stable   func(r *replica) uint64                 // how many entries consumers may see
	hides    func(r *replica, n uint64) bool         // whether they do not get one of these
	outdated func(g *group, generation uint64) bool  // whether a member may not say how far it is
}

// asDesigned is without a bug.
func asDesigned(m mode) transactional {
	t := transactional{
		begun:    transaction.begun,
		ended:    func(epoch uint64) uint64 { return epoch + 1 },
		fences:   func(known, has uint64) bool { return has < known },
		stable:   (*replica).lastStable,
		hides:    (*replica).committedOnly,
		outdated: func(g *group, generation uint64) bool { return g.generation != generation },
	}
	if m.readsUncommitted {
		t.stable, t.hides = func(r *replica) uint64 { return r.high }, (*replica).markersOnly
	}
	return t
}

// initialize lets somebody take a transactional id over.
func (b *broker) initialize(q initializing) rpc.Response {
	return b.transact(q.ID, b.begun)
}

// enlist takes partitions into a transaction. It is logged before anything is sent to them, so that whoever ends it knows where. Those that
// there are not are made first: one without a leader gets no marker.
func (b *broker) enlist(q enlisting) rpc.Response {
	if missing := b.missing(q.Partitions); missing != "" {
		b.ask(asksDecision, decision{Kind: creates, Partition: missing})
		return rpc.Refuse(0, "unknown-partition", "")
	}
	return b.transact(q.ID, func(t transaction) (transaction, string) {
		if b.foreign(t, q.identity) {
			return t, fenced
		}
		return t.enlisted(q.Partitions)
	})
}

// missing is one of some partitions that there is not; empty if there are all.
func (b *broker) missing(partitions []string) string {
	b.Lock()
	defer b.Unlock()
	for _, p := range partitions {
		if b.metadata.of(p) == nil {
			return p
		}
	}
	return ""
}

// end decides what becomes of a transaction. A producer that asks again gets the same answer.
func (b *broker) end(q ending) rpc.Response {
	return b.transact(q.ID, func(t transaction) (transaction, string) {
		switch again := t.marker() == q.Marker && t.Epoch == b.ended(q.Epoch); {
		case again:
			return t, ""
		case t.Phase != ongoing || b.foreign(t, q.identity):
			return t, fenced
		default:
			return t.decided(q.Marker, b.ended(t.Epoch)), ""
		}
	})
}

// foreign reports whether somebody does not work under a transactional id now.
func (b *broker) foreign(t transaction, who identity) bool {
	return t.Producer != who.Producer || b.fences(t.Epoch, who.Epoch) || t.Epoch < who.Epoch
}

// transact makes a step of the state machine of an id, and answers where it is once that is committed. A rule says what the state becomes,
// or why not; if it does both, the step is made and the answer is why not.
func (b *broker) transact(id string, rule func(transaction) (transaction, string)) rpc.Response {
	why := ""
	return b.append(transactions, func(r *replica) step {
		now, known := r.states[id]
		if !known {
			now.transaction = transaction{ID: id, identity: identity{Producer: firstTransactional + r.log.Length()}, Phase: empty}
		}
		next := now.transaction
		next, why = rule(next)
		switch {
		case !next.same(now.transaction):
			return step{message: message{Transaction: &next}}
		case why == "":
			return step{there: now.n}
		case why == concurrent:
			return step{refused: why}
		default:
			return step{rejected: why}
		}
	}, func(r *replica, n uint64) rpc.Response {
		b.coordinate(r)
		if why != "" {
			return rpc.Refuse(r.epoch, why, "")
		}
		t := r.log[n-1].Command.Transaction
		return rpc.Answer(r.epoch, fmt.Sprintf("%s is %s at epoch %d", id, t.Phase, t.Epoch), t.identity)
	})
}

// attention is what a coordinator is about with a transaction.
type attention struct {
	identity
	phase phase
	since time.Time // when it was seen so first
	busy  bool
}

// coordinate brings transactions to their end: those that are decided, and those that go on for too long. A coordinator that is new begins to
// count anew. The caller has locked the monitor.
func (b *broker) coordinate(r *replica) {
	for _, id := range slices.Sorted(maps.Keys(r.states)) {
		t := r.states[id]
		a := r.leading.transactions[id]
		if a == nil || a.identity != t.identity || a.phase != t.Phase {
			a = &attention{identity: t.identity, phase: t.Phase, since: time.Now()}
			r.leading.transactions[id] = a
		}
		switch {
		case a.busy:
		case t.ending() && r.high >= t.n:
			a.busy = true
			b.complete(t.transaction, a)
		case t.Phase == ongoing && time.Since(a.since) > b.config.TransactionTimeout:
			a.busy = true
			b.Process.Go(func() { b.step(t.transaction, t.decided(aborts, t.Epoch+1), a) })
		}
	}
}

// complete has all partitions of a transaction write markers, and then notes that they have. It goes on whoever coordinates by then: what is
// decided stays so.
func (b *broker) complete(t transaction, a *attention) {
	left := len(t.Partitions)
	for _, partition := range t.Partitions {
		b.Process.Go(func() {
			for !b.marked(partition, t) && b.Process.Sleep(retryAfter) {
			}
			b.Lock()
			left--
			last := left == 0
			b.Unlock()
			if last {
				b.step(t, t.completed(), a)
			}
		})
	}
}

// step makes a step of a state machine that nobody has asked for, unless it is elsewhere by now.
func (b *broker) step(now, next transaction, a *attention) {
	b.transact(now.ID, func(t transaction) (transaction, string) {
		if !t.same(now) {
			return t, fenced
		}
		return next, ""
	})
	b.Lock()
	defer b.Unlock()
	a.busy = false
}

// marked has the leader of a partition write the marker of a transaction, and reports whether it has.
func (b *broker) marked(partition string, t transaction) bool {
	b.Lock()
	leader := ""
	if a := b.metadata.of(partition); a != nil {
		leader = a.Leader
	}
	b.Unlock()
	if leader == "" {
		return false
	}
	m := message{Marker: t.marker(), sender: sender{Producer: t.Producer, Epoch: t.Epoch}}
	q := rpc.NewRequest(asksMark, 0, fmt.Sprintf("%s in %s", m.Marker, partition), produce{partition, m})
	response, err := b.request(leader, q, 4*b.config.Heartbeat)
	return err == nil && response.Status == rpc.Done
}

// mark appends a marker, which ends the transactions of all earlier epochs; unless something of this epoch is there. That is the marker itself
// or of the next transaction, which it must not end.
func (b *broker) mark(p produce) rpc.Response {
	return b.appended(p.Partition, func(r *replica) step {
		if last := r.last[p.Producer]; p.Epoch < b.ended(last.Epoch) {
			return step{there: last.n}
		}
		return step{message: p.message}
	})
}

package txnkv

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"faultline/cluster/sim/rpc"
	"faultline/cluster/txnkv/locks"
	"faultline/cluster/txnkv/ssi"
	"faultline/history"
)

// engine keeps the transactions of one term apart, in the memory of the node that leads in it. What is active ends with the term: the
// next leader has other locks, and the log takes nothing of this term's any more.
type engine struct {
	*replica
	term uint64

	mu        sync.Mutex
	closed    bool
	given     stamp           // with clocks: the largest timestamp of the term
	changed   chan struct{}   // closed when a transaction ends
	doubt     bool            // of some transaction it is not known whether it is committed: the term is over
	begun     []id            // the transactions of the term; the owner n of locks is number n-1
	latest    map[uint64]*txn // of each client
	active    []*txn          // those that have not ended, in the order in which they began
	writers   map[string]*txn // who has written a key and not ended; with snapshots who may commit that
	locks     locks.Table     // without snapshots
	conflicts ssi.Graph       // with conflicts
}

// txn is a transaction. One request of it is carried out at a time; what the engine can change meanwhile is guarded by its mu.
type txn struct {
	id       id
	owner    locks.Owner
	snapshot stamp
	changes  []change
	pending  map[string]history.Value // what the keys have that it has written, as it sees them itself

	state state
	why   string // it was aborted
	index uint64 // at which it is committed

	coordinator participant // of one that is prepared
	stamp       stamp       // with clocks, once it commits; across shards on the coordinator's, once it has

	last  *exchange
	heard time.Time // by the world's time
}

type state uint8

const (
	active state = iota
	committing
	prepared // the coordinator decides
	ended    // committed, or aborted if there is a reason
	unsure
)

func (r *replica) newEngine(term uint64) *engine {
	e := &engine{replica: r, term: term, latest: map[uint64]*txn{}, writers: map[string]*txn{}, changed: make(chan struct{})}
	for _, p := range r.machine.undecided() {
		e.inherit(p)
	}
	return e
}

// begin begins a transaction, unless it has begun. A client that begins another has given the one before up.
func (e *engine) begin(q request) rpc.Response {
	if err := e.caughtUp(q.At); err != nil {
		return e.refused(err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.latest[q.Txn.Client]
	switch {
	case e.closed:
		return e.aborted(errLeaderChanged.Error())
	case before != nil && before.id == q.Txn:
		return e.hasBegun(before)
	case before != nil && before.id.Serial > q.Txn.Serial:
		return e.aborted(errSuperseded.Error())
	case before != nil && before.state == active:
		e.abort(before, errSuperseded)
	}
	t := e.add(q.Txn)
	if t.snapshot = q.At; q.At == 0 {
		t.snapshot, _ = e.machine.now()
	}
	if e.mode.conflicts {
		e.conflicts.Begin(ssi.Owner(t.owner), t.snapshot)
	}
	e.latest[q.Txn.Client] = t
	return e.hasBegun(t)
}

// hasBegun is the response to a begin.
func (e *engine) hasBegun(t *txn) rpc.Response {
	a := answer{Term: e.term}
	if e.mode.across {
		a.Index = t.snapshot
	}
	return rpc.Answer(e.term, t.id.String(), a)
}

func (e *engine) add(i id) *txn {
	e.begun = append(e.begun, i)
	t := &txn{id: i, owner: locks.Owner(len(e.begun)), pending: map[string]history.Value{}, last: concluded(), heard: time.Now()}
	e.active = append(e.active, t)
	return t
}

// find is a transaction that has not ended; nil if there is none. The caller holds mu.
func (e *engine) find(i id) *txn {
	if k := slices.IndexFunc(e.active, func(t *txn) bool { return t.id == i }); k >= 0 {
		return e.active[k]
	}
	return nil
}

// alive is the reason for which a transaction cannot go on; nil if it can.
func (t *txn) alive() error {
	switch {
	case t.state == active:
		return nil
	case t.why != "":
		return errors.New(t.why)
	default:
		return errEnded
	}
}

// abort ends a transaction that does not commit. The caller holds mu.
func (e *engine) abort(t *txn, why error) {
	if t.state == ended || t.state == unsure {
		return
	}
	t.why = why.Error()
	e.system.count(why)
	if e.mode.conflicts {
		e.conflicts.Aborted(ssi.Owner(t.owner))
	}
	e.end(t, ended)
}

// end lets go of what a transaction has.
func (e *engine) end(t *txn, s state) {
	t.state = s
	close(e.changed)
	e.changed = make(chan struct{})
	for key := range t.pending {
		if e.writers[key] == t {
			delete(e.writers, key)
		}
	}
	e.locks.ReleaseAll(t.owner)
	e.active = slices.DeleteFunc(e.active, func(other *txn) bool { return other == t })
}

// finish ends the term: all that is active is aborted.
func (e *engine) finish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	for len(e.active) > 0 {
		t := e.active[0]
		if t.state != active { // the log knows
			e.doubt = true
			e.end(t, unsure)
			continue
		}
		e.abort(t, errLeaderChanged)
	}
	e.locks.Close(errLeaderChanged)
}

// expire aborts what was not heard of for a while: its client has died, or has no answer to its begin.
func (e *engine) expire() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, t := range slices.Clone(e.active) {
		if t.state == active && t.last.over() && time.Since(t.heard) > e.config.IdleTimeout {
			e.abort(t, errIdle)
		}
	}
}

// name is the transaction of an owner. The caller holds mu.
func (e *engine) name(o locks.Owner) string { return e.begun[o-1].String() }

// named says in words why a request for a lock, or a commit, was denied. The caller holds mu.
func (e *engine) named(err error) error {
	var cycle *locks.Deadlock
	var structure *ssi.Danger
	switch {
	case errors.As(err, &cycle):
		var names []string
		for _, o := range append(cycle.Cycle, cycle.Cycle[0]) {
			names = append(names, e.name(o))
		}
		return &deadlock{strings.Join(names, " waits for ")}
	case errors.As(err, &structure):
		last := "one that has long committed"
		if !structure.Forgotten {
			last = e.name(locks.Owner(structure.Last))
		}
		return &danger{fmt.Sprintf("%s must come before %s, and that before %s",
			e.name(locks.Owner(structure.First)), e.name(locks.Owner(structure.Pivot)), last)}
	default:
		return err
	}
}

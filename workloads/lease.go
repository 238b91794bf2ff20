package workloads

import (
	"fmt"
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/checker/lease"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// leases has every client hold a few leases, with a key attached to each, and renew them until it revokes a lease or forgets it.
// All read keys that are, or were, somebody's. In the end every key has to be gone.
type leases struct {
	tries []*leaseKey // that may have been attached, in the order in which that was tried
}

// leaseKey is a key that may be there.
type leaseKey struct {
	name string
	seen bool // the last read of the end has found it
}

var leasing = Info{
	Name: "lease",
	Doc:  "clients keep leases alive, each with a key, and revoke or forget some; a key lives as long as its lease, and no longer",
	Clients: "Clients keep a few leases alive, each with a key, revoke some, forget others, and read keys that live or lived. In the end they " +
		"read the keys when all leases must have expired.",
	Holds:  "A key lives as long as its lease is kept alive, and no longer: see [leases](#leases).",
	Breaks: "A TTL measured by a clock that can be set, a revoke that forgets a key, a lease that a new leader does not know.",
	Ops:    []string{ops.Grant, ops.Attach, ops.KeepAlive, ops.Revoke, ops.Read},
	Open:   func(Options) Workload { return &leases{} },
}

const (
	leaseTTL = 3 * time.Second
	// leasesHeld is how many leases a client holds. A few, so that each is renewed many times in a TTL.
	leasesHeld = 2
	// recentKeys is how many keys are read, counted from the last.
	recentKeys = 40
)

// The shares of operations. What is left are keep-alives.
const (
	shareOfLeaseReads = 0.40
	shareOfRevokes    = 0.04
	shareOfForgetting = 0.04 // of leases that are no longer renewed
)

// Keys are read when most leases have expired. Those that are there still have got a new leader, or none: they are read again when
// there is no excuse left, see package lease.
const (
	mostExpired = leaseTTL + 5*time.Second
	allExpired  = leaseTTL + 75*time.Second
)

func (w *leases) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &leaseThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads)}
		}},
		w.readAll(mostExpired, func(*leaseKey) bool { return true }),
		w.readAll(allExpired, func(k *leaseKey) bool { return k.seen }),
	}
}

// readAll is a phase in which the clients near every node read keys, each its share, after a rest.
func (w *leases) readAll(rest time.Duration, which func(*leaseKey) bool) Phase {
	near := ReadNearEachNode(func() []cluster.Op {
		var all []cluster.Op
		for _, k := range w.tries {
			if which(k) {
				all = append(all, cluster.Op{F: ops.Read, Key: k.name})
			}
		}
		return all
	})
	return Phase{When: After, Rest: rest, Generator: func(c Client) Generator {
		if reads := near.Generator(c); reads != nil {
			return &lastReads{reads, w}
		}
		return nil
	}}
}

func (*leases) Checkers() []checker.Checker { return []checker.Checker{lease.Checker()} }

// lastReads remember which keys they find.
type lastReads struct {
	Generator
	workload *leases
}

func (r *lastReads) Done(op cluster.Op, out cluster.Outcome) {
	for _, k := range r.workload.tries {
		if k.name == op.Key {
			k.seen = out.Type != history.OK || out.Value.Kind() != history.Nil
		}
	}
}

// heldLease is a lease that a client renews.
type heldLease struct {
	id  int64
	key string // empty until it is attached
}

// leaseThread holds leases.
type leaseThread struct {
	numbers
	workload *leases
	draw     *rand.Rand
	held     []*heldLease
}

func (t *leaseThread) Next() (cluster.Op, bool) {
	p := t.draw.Float64()
	if p < shareOfLeaseReads && len(t.workload.tries) > 0 {
		return cluster.Op{F: ops.Read, Key: t.anyKey()}, true
	}
	if len(t.held) < leasesHeld {
		return cluster.Op{F: ops.Grant, Value: ops.TTL(leaseTTL)}, true
	}
	l := t.held[t.draw.IntN(len(t.held))]
	p -= shareOfLeaseReads
	switch {
	case l.key == "":
		return t.attach(l), true
	case p >= 0 && p < shareOfRevokes:
		return cluster.Op{F: ops.Revoke, Value: history.IntValue(l.id)}, true
	case p >= shareOfRevokes && p < shareOfRevokes+shareOfForgetting:
		t.forget(l.id)
		return cluster.Op{F: ops.Read, Key: l.key}, true
	default:
		return cluster.Op{F: ops.KeepAlive, Value: history.IntValue(l.id)}, true
	}
}

// anyKey is one of the client's own half of the time, so that live keys are read often, and any recent one otherwise.
func (t *leaseThread) anyKey() string {
	if l := t.draw.IntN(2 * leasesHeld); l < len(t.held) && t.held[l].key != "" {
		return t.held[l].key
	}
	recent := t.workload.tries[max(0, len(t.workload.tries)-recentKeys):]
	return recent[t.draw.IntN(len(recent))].name
}

func (t *leaseThread) attach(l *heldLease) cluster.Op {
	n := t.unique()
	l.key = fmt.Sprintf("l/%d", n)
	return cluster.Op{F: ops.Attach, Key: l.key, Value: ops.Attachment{Lease: l.id, Value: history.IntValue(n)}.Encode()}
}

func (t *leaseThread) forget(id int64) {
	for i, l := range t.held {
		if l.id == id {
			t.held = append(t.held[:i:i], t.held[i+1:]...)
			return
		}
	}
}

func (t *leaseThread) Done(op cluster.Op, out cluster.Outcome) {
	switch op.F {
	case ops.Grant:
		if l, err := ops.DecodeLease(out.Value); err == nil && out.Type == history.OK {
			t.held = append(t.held, &heldLease{id: l.ID})
		}
	case ops.Attach:
		if out.Type != history.Fail {
			t.workload.tries = append(t.workload.tries, &leaseKey{name: op.Key})
			return
		}
		a, _ := ops.DecodeAttachment(op.Value) // it is ours
		t.forget(a.Lease)
	case ops.Revoke:
		id, _ := op.Value.Int()
		t.forget(id)
	case ops.KeepAlive:
		if id, _ := op.Value.Int(); out.Type == history.Fail && out.Error == ops.LeaseNotFound {
			t.forget(id)
		}
	}
}

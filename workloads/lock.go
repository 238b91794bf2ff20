package workloads

import (
	"math/rand/v2"
	"slices"

	"faultline/checker"
	"faultline/checker/locks"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// holding has clients acquire locks and release them, their own mostly.
//
// A client whose operation ended in info may hold the lock for ever, and what it held before it does hold for ever, as its process is
// never heard of again. Another lock takes the place of each.
type holding struct {
	hotKey
	object  string        // the type
	permits history.Value // the argument of acquire
	judge   checker.Checker
	locks   renewed
}

var locking = Info{
	Name: "lock",
	Also: []string{"mutex"},
	Doc:  "clients acquire locks and release them; a lock has one holder at a time, and its fencing tokens grow",
	Clients: "Clients acquire locks and release them, mostly locks that they hold. A client whose operation has an unknown outcome may hold " +
		"the lock for ever, so another lock takes its place.",
	Holds: "A lock has one holder at a time, only its holder releases it, and fencing tokens grow from holder to holder.",
	Breaks: "A release that does not check the holder, a lock that is taken from a slow holder, a new leader that grants a lock without " +
		"knowing that it is held.",
	Ops:   []string{ops.Of(ops.Lock, ops.Acquire), ops.Of(ops.Lock, ops.Release)},
	Keyed: true,
	Open: func(o Options) Workload {
		return newHolding(o, ops.Lock, history.Value{}, locks.Mutex())
	},
}

var reentrantLocks = Info{
	Name:    "reentrant-lock",
	Doc:     "as lock, but the holder of a lock may acquire it again and must release it as often",
	Clients: "As in `lock`, but a client also acquires locks that it holds.",
	Holds:   "As for `lock`; a lock is free when its holder has released it as often as it has acquired it.",
	Breaks:  "As for `lock`.",
	Ops:     []string{ops.Of(ops.ReentrantLock, ops.Acquire), ops.Of(ops.ReentrantLock, ops.Release)},
	Keyed:   true,
	Open: func(o Options) Workload {
		return newHolding(o, ops.ReentrantLock, history.Value{}, locks.Reentrant())
	},
}

func newHolding(o Options, object string, permits history.Value, judge checker.Checker) Workload {
	return &holding{hotKey: hotKey{usual: o.HotKey}, object: object, permits: permits, judge: judge, locks: newRenewed("l", o)}
}

func (w *holding) Phases() []Phase {
	return []Phase{{When: During, Generator: func(c Client) Generator { return &holdingThread{workload: w, draw: c.Draw} }}}
}

func (w *holding) Checkers() []checker.Checker { return []checker.Checker{w.judge} }

const (
	// The shares of releases, and of acquires of what it holds already, in what a client does that holds something.
	shareOfOwnReleases = 0.6
	shareOfReacquires  = 0.15
	// shareOfStrayReleases is the share of releases in what a client does that holds nothing. They must be refused.
	shareOfStrayReleases = 0.1
)

// holdingThread acquires and releases.
type holdingThread struct {
	workload *holding
	draw     *rand.Rand
	held     []string // a lock as often as it was acquired
}

func (t *holdingThread) Next() (cluster.Op, bool) {
	w := t.workload
	key, p := w.pickKey(t.draw, w.locks.inUse), t.draw.Float64()
	switch {
	case len(t.held) > 0 && p < shareOfOwnReleases:
		return cluster.Op{Object: w.object, F: ops.Release, Key: t.held[0]}, true
	case len(t.held) > 0 && p < shareOfOwnReleases+shareOfReacquires:
		return cluster.Op{Object: w.object, F: ops.Acquire, Key: t.held[0], Value: w.permits}, true
	case len(t.held) == 0 && p < shareOfStrayReleases:
		return cluster.Op{Object: w.object, F: ops.Release, Key: key}, true
	default:
		return cluster.Op{Object: w.object, F: ops.Acquire, Key: key, Value: w.permits}, true
	}
}

func (t *holdingThread) Done(op cluster.Op, out cluster.Outcome) {
	switch {
	case out.Type == history.Info || out.Over:
		t.workload.locks.giveUp(append(t.held, op.Key)...)
		t.held = nil
	case out.Type == history.OK && op.F == ops.Acquire:
		t.held = append(t.held, op.Key)
	case out.Type == history.OK || op.F == ops.Release && out.Error == history.PreconditionFailed: // or it was lost
		if i := slices.Index(t.held, op.Key); i >= 0 {
			t.held = slices.Delete(t.held, i, i+1)
		}
	}
}

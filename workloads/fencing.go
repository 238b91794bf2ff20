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

// fencing has clients acquire locks that may be lost while they are held, and write what the locks protect with the tokens that they
// were given. A client goes on with a token until it gives the lock back, however often it is told that a larger one was seen. That is so
// also after an operation of unknown outcome: the next process of the thread has the token, and no lock.
type fencing struct {
	hotKey
	keys []string
}

var fencedWrites = Info{
	Name: "fencing",
	Doc: "clients write registers protected by locks that can be lost; tokens grow, and no write with an older token is accepted after a " +
		"newer one",
	Clients: "Clients acquire locks, and write and read the register that a lock protects, each write with the token of its acquire. A client " +
		"that has lost its lock, or its connection, goes on writing with its token, refused or not, until it releases the lock.",
	Holds: "An acquire has a larger token than every acquire before it, and the register takes no write with a smaller token than it has " +
		"seen. Two clients may hold a lock at once: see [locks and leases](#locks-and-leases).",
	Breaks: "Tokens counted in memory, a resource that checks the token and writes in two steps.",
	Ops: []string{ops.Of(ops.FencedLock, ops.Acquire), ops.Of(ops.FencedLock, ops.Release),
		ops.Of(ops.FencedLock, ops.FencedWrite), ops.Of(ops.FencedLock, ops.Read)},
	Keyed: true,
	Open: func(o Options) Workload {
		return &fencing{hotKey: hotKey{usual: o.HotKey}, keys: keyNames(o)}
	},
}

const (
	// The shares of operations of a client that has a token. What is left are acquires.
	shareOfFencedWrites = 0.5
	shareOfFencedReads  = 0.2
	shareOfGivingBack   = 0.2
)

func (w *fencing) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &fencingThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads)}
		}},
		ReadNearEachNode(func() []cluster.Op { return readsOf(ops.FencedLock, w.keys) }),
	}
}

func (*fencing) Checkers() []checker.Checker { return []checker.Checker{locks.Fenced()} }

// claim is a lock that a client believes to hold.
type claim struct {
	key   string
	token int64
}

// fencingThread acquires locks and writes what they protect.
type fencingThread struct {
	numbers
	workload *fencing
	draw     *rand.Rand
	claims   []claim
}

func (t *fencingThread) Next() (cluster.Op, bool) {
	p := t.draw.Float64()
	if len(t.claims) == 0 || p >= shareOfFencedWrites+shareOfFencedReads+shareOfGivingBack {
		return t.op(ops.Acquire, t.workload.pickKey(t.draw, t.workload.keys)), true
	}
	c := t.claims[t.draw.IntN(len(t.claims))]
	switch {
	case p < shareOfFencedWrites:
		op := t.op(ops.FencedWrite, c.key)
		op.Value = ops.Fenced{Token: c.token, Value: history.IntValue(t.unique())}.Encode()
		return op, true
	case p < shareOfFencedWrites+shareOfFencedReads:
		return t.op(ops.Read, c.key), true
	default:
		return t.op(ops.Release, c.key), true
	}
}

func (*fencingThread) op(f, key string) cluster.Op {
	return cluster.Op{Object: ops.FencedLock, F: f, Key: key}
}

func (t *fencingThread) Done(op cluster.Op, out cluster.Outcome) {
	lost := out.Type == history.Fail && out.Error == history.PreconditionFailed
	switch token, given := out.Value.Int(); {
	case op.F == ops.Acquire && out.Type == history.OK && given:
		t.drop(op.Key)
		t.claims = append(t.claims, claim{op.Key, token})
	case op.F == ops.Release && (out.Type == history.OK || lost):
		t.drop(op.Key)
	}
}

func (t *fencingThread) drop(key string) {
	t.claims = slices.DeleteFunc(t.claims, func(c claim) bool { return c.key == key })
}

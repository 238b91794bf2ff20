package workloads

import (
	"fmt"
	"math/rand/v2"

	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
)

// lifecycle has objects that come and go: each is created by its first write, changed, read and deleted. Then
// another takes its place, mostly under a key that nobody used before, and what was deleted is looked for again
// all the time until the end: it must stay away.
//
// To delete is to write null, so the null that a read sees is not the trace of one write, and the checker must
// search where it meets one that the store's own order does not explain. That is why keys are used up: an object
// gets some thirty operations, and a search through so few is over at once, whatever is pending.
type lifecycle struct {
	hotKey
	promise promise
	objects []*mortal // those that live, or may
	gone    []string  // the keys that no object will have again, in the order in which they were given up
	keys    int       // how many were used
}

// mortal is an object in its present life.
type mortal struct {
	key    string
	latest history.Value // last known to have been written; a cas expects it
}

var lifecycles = Info{
	Name:    "lifecycle",
	Doc:     "objects that are created, changed, read and deleted, linearizable; a deleted object does not come back",
	Clients: "Clients create objects by a first write, change, read and delete them, and keep reading deleted objects until the end.",
	Holds:   "As for `register`; a deleted object stays away until it is written again.",
	Breaks:  "Forgotten deletes: a replica that was away brings back what it still has.",
	Ops:     []string{"read", "write", "cas", "delete"},
	Keyed:   true,
	Models:  RegisterModels,
	Open:    newLifecycle,
}

func newLifecycle(o Options) Workload {
	if o.Keys == 0 {
		o.Keys = DefaultKeys
	}
	w := &lifecycle{hotKey: hotKey{usual: o.HotKey}, promise: promised(o)}
	for range o.Keys {
		w.objects = append(w.objects, w.create())
	}
	return w
}

// The shares of all operations. What is left are reads of objects that live.
const (
	lifecycleWrites    = 0.25
	lifecycleCAS       = 0.15
	lifecycleDeletes   = 0.04
	lifecycleGraveyard = 0.15 // reads of keys that were given up

	// rebirths is the share of deletes after which the next object has the same key.
	rebirths = 0.1
)

// create returns an object under a key that nobody used before.
func (w *lifecycle) create() *mortal {
	w.keys++
	return &mortal{key: lifecycleKey(w.keys)}
}

func lifecycleKey(n int) string { return fmt.Sprintf("o%d", n) }

func (w *lifecycle) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &lifecycleThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads)}
		}},
		ReadNearEachNode(w.reads),
	}
}

// reads are of every key that was ever used.
func (w *lifecycle) reads() []cluster.Op {
	var ops []cluster.Op
	for n := range w.keys {
		ops = append(ops, cluster.Op{F: "read", Key: lifecycleKey(n + 1)})
	}
	return ops
}

func (w *lifecycle) Checkers() []checker.Checker { return w.promise.checkers() }

// lifecycleThread generates one thread's operations.
type lifecycleThread struct {
	numbers
	workload *lifecycle
	draw     *rand.Rand
}

func (t *lifecycleThread) Next() (cluster.Op, bool) {
	w, p := t.workload, t.draw.Float64()
	if p < lifecycleGraveyard && len(w.gone) > 0 {
		return cluster.Op{F: "read", Key: w.gone[t.draw.IntN(len(w.gone))]}, true
	}
	m := w.objects[w.pick(t.draw, len(w.objects))]
	op := cluster.Op{F: "read", Key: m.key}
	switch p -= lifecycleGraveyard; {
	case p < 0: // nothing is gone yet
	case p < lifecycleWrites:
		op.F, op.Value = "write", history.IntValue(t.unique())
	case p < lifecycleWrites+lifecycleCAS:
		if old, ok := m.latest.Int(); ok {
			op.F, op.Value = "cas", history.PairValue(old, t.unique())
		}
	case p < lifecycleWrites+lifecycleCAS+lifecycleDeletes:
		op.F = "delete"
	}
	return op, true
}

func (t *lifecycleThread) Done(op cluster.Op, out cluster.Outcome) {
	for k, m := range t.workload.objects {
		switch {
		case m.key != op.Key:
		case op.F != "delete":
			m.latest = latestAfter(m.latest, op, out)
		case out.Type != history.Fail:
			t.replace(k)
		}
	}
}

// replace has another object take the place of one that was deleted, or may have been. Others may still be
// at work on it, or delete it too: then it lives on under its key and in nobody's care, which reads of the
// graveyard see as well.
func (t *lifecycleThread) replace(k int) {
	w := t.workload
	if t.draw.Float64() < rebirths {
		w.objects[k] = &mortal{key: w.objects[k].key}
		return
	}
	w.gone = append(w.gone, w.objects[k].key)
	w.objects[k] = w.create()
}

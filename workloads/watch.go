package workloads

import (
	"math/rand/v2"

	"faultline/checker"
	"faultline/checker/delivery"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// watch has clients change keys and watch all of them, each from the first revision on. In the end a client near every node watches
// everything once more.
type watch struct {
	hotKey
	keys []string
	end  int64 // the largest revision that was acknowledged or seen; 0 if there is none
}

var watches = Info{
	Name: "watch",
	Doc:  "clients change keys, one or two at a time, and watch them; every watch sees every change, in order and once",
	Clients: "Clients change keys, one or two at a time, and watch all of them from the first revision on. In the end they watch everything " +
		"once more through every node.",
	Holds:  "Every watch sees every change, in the order of revisions, whole and once: see [logs and watches](#logs-and-watches).",
	Breaks: "A watch that resumes behind a gap, a transaction whose events come apart, a progress notice that is sent too early.",
	Ops:    []string{ops.Put, ops.Remove, ops.Watch},
	Keyed:  true,
	Open:   newWatch,
}

// watchPrefix is that of all keys.
const watchPrefix = "w/"

// The shares of all operations. What is left are puts of one key.
const (
	shareOfWatches = 0.35
	shareOfRemoves = 0.05
	shareOfPairs   = 0.10 // puts of two keys
)

func newWatch(o Options) Workload {
	w := &watch{hotKey: hotKey{usual: o.HotKey}}
	for _, name := range keyNames(o) {
		w.keys = append(w.keys, watchPrefix+name)
	}
	return w
}

func (w *watch) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator {
			return &watchThread{workload: w, draw: c.Draw, numbers: newNumbers(c.Thread, c.Threads),
				watcher: follower{f: ops.Watch, key: watchPrefix, next: 1}}
		}},
		ReadToTheEnd(ops.Watch, watchPrefix, 1, &w.end),
	}
}

func (*watch) Checkers() []checker.Checker { return []checker.Checker{delivery.Watch()} }

// watchThread changes keys and watches them.
type watchThread struct {
	numbers
	workload *watch
	draw     *rand.Rand
	watcher  follower
}

func (t *watchThread) Next() (cluster.Op, bool) {
	p := t.draw.Float64()
	if p < shareOfWatches {
		return t.watcher.op(), true
	}
	keys := t.workload.keys
	k := t.workload.pick(t.draw, len(keys))
	switch p -= shareOfWatches; {
	case p < shareOfRemoves:
		return cluster.Op{F: ops.Remove, Key: keys[k]}, true
	case p < shareOfRemoves+shareOfPairs && len(keys) > 1:
		return t.putBoth(keys[k], keys[(k+1)%len(keys)]), true
	default:
		return cluster.Op{F: ops.Put, Key: keys[k], Value: history.IntValue(t.unique())}, true
	}
}

func (t *watchThread) putBoth(a, b string) cluster.Op {
	return cluster.Op{F: ops.Put, Value: history.MapValue(
		[2]history.Value{history.TextValue(a), history.IntValue(t.unique())},
		[2]history.Value{history.TextValue(b), history.IntValue(t.unique())})}
}

func (t *watchThread) Done(op cluster.Op, out cluster.Outcome) {
	end := &t.workload.end
	if op.F == ops.Watch {
		t.watcher.took(out)
		*end = max(*end, t.watcher.next-1)
	} else if v, err := ops.DecodeVersion(out.Value); err == nil && out.Type == history.OK {
		*end = max(*end, v.Revision)
	}
}

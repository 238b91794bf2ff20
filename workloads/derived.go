package workloads

import (
	"fmt"
	"math/rand/v2"
	"time"

	"faultline/checker"
	"faultline/checker/views"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// derived has clients update keys and read the views that have them. In the end the log is read near every node, and then each view.
type derived struct {
	end     int64 // the largest offset in the log that a client was told
	updates int   // how many there were
}

var derivations = Info{
	Name: "derived",
	Also: []string{"views"},
	Doc:  "clients update keys that an index and a cache hold; each view follows from the log, and in the end the views agree",
	Clients: "Clients update a key with unique values, move to the next key after 100 updates, and read an index and a cache of all keys. In " +
		"the end they read the log of updates through every node, and then each view until it has caught up.",
	Holds: "A view is what a prefix of the log makes, the log has every acknowledged update, and in the end all views are equal: see " +
		"[views](#views).",
	Breaks: "Two writes instead of one (dual writes), a view that applies uncommitted updates, or applies a record twice or never.",
	Ops:    []string{ops.UpdateViews, ops.View, ops.Fetch},
	Open:   func(Options) Workload { return &derived{end: -1} },
}

// updatesOfKey is how many updates a key gets. There is one at a time, so that updates meet; and each is left alone in the end, as another
// update would hide that views have different values.
const updatesOfKey = 100

// shareOfUpdates is the share of updates in all operations; the rest read views.
const shareOfUpdates = 0.8

func (w *derived) Phases() []Phase {
	return []Phase{
		{When: During, Generator: func(c Client) Generator { return &derivedThread{newNumbers(c.Thread, c.Threads), w, c.Draw} }},
		ReadToTheEnd(ops.Fetch, ops.Updates, 0, &w.end),
		{When: After, Generator: func(c Client) Generator {
			if c.Thread >= len(ops.Views) {
				return nil
			}
			l := &lastLooks{workload: w}
			for i := c.Thread; i < len(ops.Views); i += c.Threads {
				l.views = append(l.views, ops.Views[i])
			}
			return l
		}},
	}
}

func (*derived) Checkers() []checker.Checker { return []checker.Checker{views.Checker()} }

func lookAt(view string) cluster.Op { return cluster.Op{F: ops.View, Key: view} }

// derivedThread updates keys and reads views.
type derivedThread struct {
	numbers
	workload *derived
	draw     *rand.Rand
}

func (t *derivedThread) Next() (cluster.Op, bool) {
	if t.draw.Float64() < shareOfUpdates {
		t.workload.updates++
		return cluster.Op{F: ops.UpdateViews, Key: fmt.Sprintf("k%d", 1+t.workload.updates/updatesOfKey), Value: history.IntValue(t.unique())}, true
	}
	return lookAt(ops.Views[t.draw.IntN(len(ops.Views))]), true
}

func (t *derivedThread) Done(_ cluster.Op, out cluster.Outcome) {
	if r, err := ops.DecodeRecord(out.Value); err == nil && out.Type == history.OK {
		t.workload.end = max(t.workload.end, r.Offset)
	}
}

// lastLooks reads views, each until it has applied the log to its end. A view that does not is asked as often as a reader of the log asks
// in vain.
type lastLooks struct {
	views    []string // that are left
	workload *derived
	vain     int
}

func (l *lastLooks) Next() (cluster.Op, bool) {
	if len(l.views) == 0 {
		return cluster.Op{}, false
	}
	return lookAt(l.views[0]), true
}

// Rest implements Resting.
func (l *lastLooks) Rest() time.Duration { return restAfter(l.vain) }

func (l *lastLooks) Done(_ cluster.Op, out cluster.Outcome) {
	d, err := ops.DecodeDerived(out.Value)
	if follows := err == nil && d.Applied >= 0 && d.Applied <= l.workload.end; follows && l.vain < vainMost {
		l.vain++
		return
	}
	l.views, l.vain = l.views[1:], 0
}

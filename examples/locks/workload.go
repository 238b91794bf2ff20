package locks

import (
	"fmt"

	"faultline"
	"faultline/checker"
	"faultline/cluster"
	"faultline/history"
	"faultline/workloads"
)

func init() {
	faultline.RegisterWorkload(workloads.Info{
		Name: "locking", Doc: "clients take locks and give them back", Ops: []string{"acquire", "release"},
		Open: func(workloads.Options) workloads.Workload { return locking{} },
	})
}

// locking is the workload.
type locking struct{}

// Phases implements workloads.Workload.
func (locking) Phases() []workloads.Phase {
	return []workloads.Phase{{When: workloads.During, Generator: func(c workloads.Client) workloads.Generator {
		return &worker{client: c}
	}}}
}

// Checkers implements workloads.Workload.
func (locking) Checkers() []checker.Checker { return []checker.Checker{fencing{}} }

// lockCount is how many locks there are. A few, so that clients want the same one.
const lockCount = 4

// worker takes a lock, and gives it back. Each time it is another owner.
type worker struct {
	client workloads.Client
	owners int64
	taken  cluster.Op // the acquire that is to be undone; zero if none is
}

// Next implements workloads.Generator.
func (w *worker) Next() (cluster.Op, bool) {
	if w.taken.F != "" {
		return cluster.Op{F: "release", Key: w.taken.Key, Value: w.taken.Value}, true
	}
	w.owners++
	owner := w.owners*int64(w.client.Threads) + int64(w.client.Thread)
	return cluster.Op{F: "acquire", Key: fmt.Sprintf("lock%d", w.client.Draw.IntN(lockCount)), Value: history.IntValue(owner)}, true
}

// Done implements workloads.Generator. An acquire of which nobody knows whether it has the lock is undone like one that has.
func (w *worker) Done(op cluster.Op, out cluster.Outcome) {
	switch {
	case op.F == "acquire" && out.Type != history.Fail:
		w.taken = op
	case op.F == "release" && out.Type != history.Info:
		w.taken = cluster.Op{}
	}
}

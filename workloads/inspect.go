package workloads

import (
	"slices"

	"faultline/checker"
	"faultline/checker/digest"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// inspected is a workload at whose end every node is asked for its own state, see ops.Digest.
type inspected struct {
	Workload
	newest int64 // the largest revision that a node has told
}

// Inspected adds to a workload, if the system understands it, that every node is asked for its state at the end, and that all have
// the same one.
func Inspected(w Workload, understood []string) Workload {
	if !slices.Contains(understood, ops.Digest) {
		return w
	}
	return &inspected{Workload: w}
}

// HotKey is HotKeyed, as far as the workload is.
func (w *inspected) HotKey(share float64) {
	if h, ok := w.Workload.(HotKeyed); ok {
		h.HotKey(share)
	}
}

// Phases are those of the workload and two more: one that asks how far every node is, and one that asks for the state there.
func (w *inspected) Phases() []Phase {
	inspect := Phase{When: After, Generator: func(c Client) Generator {
		if c.Thread > 0 {
			return nil
		}
		return &inspector{workload: w, at: w.newest}
	}}
	return append(w.Workload.Phases(), inspect, inspect)
}

func (w *inspected) Checkers() []checker.Checker {
	return append(onlyObjects(w.Workload.Checkers()), digest.Checker())
}

// failedMost bounds how often a client has no answer at the end, and behindMost how often a node is asked that is behind. A client may
// wait for half of its time only, so that there is time for the hash. So many times make the minute after which package digest takes a node
// for one that never comes.
const (
	failedMost = 75
	behindMost = 2 * failedMost
)

// inspector asks a node for its state until it has it.
type inspector struct {
	workload     *inspected
	at           int64
	idle, failed int
	done         bool
}

func (i *inspector) Next() (cluster.Op, bool) {
	return cluster.Op{F: ops.Digest, Value: history.IntValue(i.at)}, !i.done
}

func (i *inspector) Done(_ cluster.Op, out cluster.Outcome) {
	state, err := ops.DecodeState(out.Value)
	if out.Type != history.OK || err != nil {
		i.failed++
		i.done = i.failed >= failedMost
		return
	}
	i.workload.newest = max(i.workload.newest, state.Revision)
	i.idle++
	i.done = state.Revision >= i.at || i.idle >= behindMost
}

package chain

import (
	"fmt"
	"time"

	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/detector"
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
)

// replica is the program of a node.
type replica struct {
	*sim.Process
	config *Config
	mode   mode

	// A planted bug can take the place of these.
	answer      func(from string, q rpc.Request) rpc.Response
	call        func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	keep        func(record) error
	committedBy func(node string) bool // whether what a node has is committed: it is the tail
	isReady     func(n uint64) bool    // whether the first n entries have all that was committed before the epoch
	isDirty     func(kv.Command) bool  // whether what a read sees may have changed

	// The monitor guards all below.
	*monitor.Monitor
	*detector.Detector

	chain     configuration // the latest that the node knows; none when it starts
	later     uint64        // an epoch that it has heard of, and may not have entered
	role      string
	log       epochlog.Log[kv.Command] // it is on the disk
	held      uint64                   // how many entries there were when the process started, as far as they are still there
	sure      uint64                   // how many entries are those of the head, as the node before this one has said in this epoch
	committed uint64                   // how many entries are, and are applied to the state
	state     kv.State
	results   map[uint64]*kv.Result // of commands whose clients wait, by their entries

	asked, answered uint64 // how many reads have asked what the epoch is, and how many of them got an answer
	found           uint64 // which is the last one; 0 if nobody knows
}

// record is a change of what is on the disk.
type record epochlog.Change[kv.Command]

// newReplica returns a node that is in no chain yet, with what is in its journal.
func newReplica(p *sim.Process, s *system, file *journal.Journal[record], stored []record) *replica {
	r := &replica{Process: p, config: s.config, mode: s.mode, call: rpc.NewCaller(p.Host(), port).Call, keep: file.Add,
		Monitor: monitor.New(p), Detector: detector.New(p.Nodes(), s.config.SuspectAfter),
		role: spare, state: kv.NewState(), results: map[uint64]*kv.Result{}}
	for _, change := range stored {
		r.take(change)
	}
	r.held = r.log.Length()
	r.answer = r.handle
	r.committedBy = func(node string) bool { return r.chain.tail() == node }
	r.isReady, r.isDirty = r.caughtUp, r.dirty
	return r
}

func (r *replica) start() error {
	r.Go(r.watch)
	r.Go(r.govern)
	r.Go(r.confirm)
	return rpc.Serve(r.Process, port, r.answer)
}

func (r *replica) handle(from string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case "pass":
		return rpc.With(q, func(m message) rpc.Response { return r.accept(from, q.Term, m) })
	case "committed":
		return rpc.With(q, func(n uint64) rpc.Response { return r.reported(from, q.Term, n) })
	case "configuration":
		return rpc.With(q, r.configured)
	case "version":
		return r.version(q.Term)
	case "read":
		return rpc.With(q, r.read)
	default:
		return rpc.With(q, r.change)
	}
}

// store makes a change, on the disk and then here. The caller owns the disk.
func (r *replica) store(change record) {
	r.Sync(func() error { return r.keep(change) })
	r.take(change)
}

func (r *replica) take(change record) {
	for n := change.Keep + 1; n <= r.log.Length(); n++ {
		r.Discard(r.log.At(n).String())
	}
	r.log, r.held = r.log.Apply(epochlog.Change[kv.Command](change)), min(r.held, change.Keep)
}

// commit applies the first n entries, as far as the node has them.
func (r *replica) commit(n uint64) {
	for ; r.committed < min(n, r.log.Length()); r.committed++ {
		e := r.log[r.committed]
		done := r.state.Apply(e.Command, r.committed+1)
		if _, waits := r.results[done.Index]; waits {
			r.results[done.Index] = &done
		}
		r.Agree("nodes agree", fmt.Sprintf("entry %d", done.Index), fmt.Sprintf("of epoch %d", e.Epoch))
	}
	r.Changed()
}

// refuse says that something was not done, and whom to ask.
func (r *replica) refuse(why, instead string) rpc.Response {
	return rpc.Refuse(r.chain.epoch, why, instead)
}

// Role implements sim.Program.
func (r *replica) Role() (string, uint64) {
	r.Lock()
	defer r.Unlock()
	return r.role, r.chain.epoch
}

// Progress implements sim.Replica.
func (r *replica) Progress() report.Progress {
	r.Lock()
	defer r.Unlock()
	return report.Progress{Last: r.log.Length(), Commit: r.committed, Applied: r.committed}
}

// Stop implements sim.Program. All that a node has started ends with its process.
func (r *replica) Stop() error { return nil }

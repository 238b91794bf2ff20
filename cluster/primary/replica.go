package primary

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
	*system
	others []string

	// A planted bug can take the place of these.
	answer func(from string, q rpc.Request) rpc.Response
	call   func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	keep   func(record) error

	// The monitor guards all below.
	*monitor.Monitor
	*detector.Detector

	epoch     uint64                   // the highest that this replica knows, and the only one in which it obeys or leads; it is on the disk
	log       epochlog.Log[kv.Command] // it is on the disk
	committed uint64                   // how many entries are, and are applied to the state
	state     kv.State
	role      string
	leading
}

// record is a change of what is on the disk: the epoch, and the log.
type record struct {
	Epoch uint64 `json:"epoch"`
	epochlog.Change[kv.Command]
}

// What the records of a run call a backup, and one that is about to take over.
const follower, candidate = "follower", "candidate"

// boot starts a replica from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	file, stored, err := journal.Open[record](p)
	if err != nil {
		return nil, err
	}
	r := &replica{Process: p, system: s, others: p.Others(), call: rpc.NewCaller(p.Host(), port).Call, keep: file.Add,
		Monitor: monitor.New(p), Detector: detector.New(s.Nodes(), s.config.SuspectAfter), role: follower, state: kv.NewState()}
	for _, change := range stored {
		r.take(change)
	}
	r.answer = r.handle
	s.plant(r)
	p.Go(r.watch)
	return r, rpc.Serve(p, port, r.answer)
}

func (r *replica) handle(from string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case "replicate":
		return rpc.With(q, func(m message) rpc.Response { return r.accept(from, q.Term, m) })
	case "promise":
		return rpc.With(q, func(end epochlog.Position) rpc.Response { return r.promise(q.Term, end) })
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
	r.epoch, r.log = change.Epoch, r.log.Apply(change.Change)
}

// obey enters an epoch if it is a higher one. Whatever the replica was, it is a backup then.
func (r *replica) obey(epoch uint64) {
	if epoch <= r.epoch {
		return
	}
	r.Own()
	defer r.Disown()
	if epoch > r.epoch {
		r.store(record{epoch, epochlog.Change[kv.Command]{Keep: r.log.Length()}})
		r.become(follower)
	}
}

// become changes the role. Clients that wait for a primary that is none any more learn that nobody knows. All others get time for
// a sign of life.
func (r *replica) become(role string) {
	r.role, r.leading = role, leading{}
	r.HearAll()
	r.Became(role, r.epoch)
	r.Changed()
}

// apply commits the first n entries.
func (r *replica) apply(n uint64) {
	for ; r.committed < n; r.committed++ {
		e := r.log[r.committed]
		done := r.state.Apply(e.Command, r.committed+1)
		if r.leads(e.Epoch) {
			r.results[done.Index] = done
		}
		if r.mode.fenced {
			r.Agree("replicas agree", fmt.Sprintf("entry %d", done.Index), fmt.Sprintf("of epoch %d", e.Epoch))
		}
	}
	r.Changed()
}

// refuse says that something was not done, and whom to ask.
func (r *replica) refuse(why string) rpc.Response { return rpc.Refuse(r.epoch, why, r.Owner(r.epoch)) }

// Role implements sim.Program.
func (r *replica) Role() (string, uint64) {
	r.Lock()
	defer r.Unlock()
	return r.role, r.epoch
}

// Progress implements sim.Replica.
func (r *replica) Progress() report.Progress {
	r.Lock()
	defer r.Unlock()
	return report.Progress{Last: r.log.Length(), Commit: r.committed, Applied: r.committed}
}

// Stop implements sim.Program. All that a replica has started ends with its process.
func (r *replica) Stop() error { return nil }

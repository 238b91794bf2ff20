package paxos

import (
	"fmt"
	"math/rand/v2"
	"time"

	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/detector"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
)

// replica is the program of a node: a proposer, an acceptor and a learner.
type replica struct {
	*sim.Process
	config  *Config
	mode    mode
	others  []string
	draw    *rand.Rand // for back-off
	known   bool       // its role is that of the node, and recorded
	quorums struct{ prepare, accept int }

	// A planted bug can take the place of these.
	answer func(from string, q rpc.Request) rpc.Response
	call   func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	keep   func(record) error
	next   func(ballot uint64) uint64 // the lowest ballot of its own that is higher

	// The monitor guards all below.
	*monitor.Monitor
	*detector.Detector

	// Of the acceptor. What it has promised and accepted is on the disk.
	promised uint64
	log      log
	lease    time.Time // until when, by this machine's clock, it takes part in no ballot but that of the last leader

	// Of the learner.
	chosen uint64 // for how many slots it knows the value; these are applied to the state
	state  kv.State

	// Of the proposer.
	role  string
	seen  uint64 // the highest ballot that it has heard of
	tries int    // how often it was preempted since a value was last chosen
	leading
}

// record is a change of what is on the disk: a promise, if it is higher, and proposals for the slots behind After that were accepted. Chosen is
// for how many slots the replica knew the value then.
type record struct {
	Promised uint64 `json:"promised,omitempty"`
	After    uint64 `json:"after,omitempty"`
	Accepted log    `json:"accepted,omitempty"`
	Chosen   uint64 `json:"chosen,omitempty"`
}

// What the records of a run call a replica that does not lead, and one that tries to.
const follower, candidate = "follower", "candidate"

// newReplica returns a replica with what is in its journal. Others answer on a port.
func newReplica(p *sim.Process, c *Config, m mode, port string, file *journal.Journal[record], stored []record) *replica {
	r := &replica{Process: p, config: c, mode: m, others: p.Others(), draw: p.Rand("back-off"), call: rpc.NewCaller(p.Host(), port).Call,
		keep: file.Add, Monitor: monitor.New(p), Detector: detector.New(p.Nodes(), c.SuspectAfter), role: follower, state: kv.NewState()}
	r.quorums.prepare = len(p.Nodes())/2 + 1
	r.quorums.accept = r.quorums.prepare
	for _, change := range stored {
		r.take(change)
		r.learn(change.Chosen)
	}
	r.seen = r.promised
	r.lease = p.Now().Add(c.Lease) // what it promised before it died may still hold
	r.answer, r.next = r.handle, r.nextBallot
	return r
}

// start has a replica take part.
func (r *replica) start(port string) error {
	r.Go(r.watch)
	r.Go(r.strive)
	return rpc.Serve(r.Process, port, r.answer)
}

func (r *replica) handle(from string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case "prepare":
		return rpc.With(q, func(body prepare) rpc.Response { return r.promise(from, q.Term, body) })
	case "accept":
		return rpc.With(q, func(body accept) rpc.Response { return r.accept(from, q.Term, body) })
	case "read":
		return rpc.With(q, r.read)
	default:
		return rpc.With(q, r.change)
	}
}

// store makes a change, on the disk and then here. The caller owns the disk.
func (r *replica) store(change record) {
	change.Chosen = r.chosen
	r.Sync(func() error { return r.keep(change) })
	r.take(change)
}

func (r *replica) take(change record) {
	r.promised = max(r.promised, change.Promised)
	for i, p := range change.Accepted {
		slot := change.After + uint64(i) + 1
		if slot > r.log.length() {
			r.log = append(r.log, p)
		} else if r.log[slot-1].First != p.First {
			r.Discard(r.log.name(slot))
		}
		r.log[slot-1] = p
		r.Agree("one value in a ballot", fmt.Sprintf("slot %d in ballot %d", slot, p.Ballot), p.value.String())
	}
}

// learn carries out the values of the first n slots, which are chosen.
func (r *replica) learn(n uint64) {
	for ; r.chosen < n; r.chosen++ {
		v := r.log[r.chosen].value
		done := r.state.Apply(v.Command, r.chosen+1)
		if r.leads(v.First) {
			r.results[done.Index] = done
		}
		r.Agree("one value is chosen", fmt.Sprintf("slot %d", done.Index), v.String())
		r.tries = 0
	}
	r.Changed()
}

// become changes the role. Clients that wait for a leader that is none any more learn that nobody knows. All others get time for a sign
// of life.
func (r *replica) become(role string, ballot uint64) {
	r.role, r.leading = role, leading{}
	r.HearAll()
	if r.known {
		r.Became(role, ballot)
	}
	r.Changed()
}

// entered records what is promised now.
func (r *replica) entered() {
	if r.known {
		r.Entered(r.promised)
	}
}

// count counts the other acceptors of which something holds.
func (r *replica) count(holds func(acceptor string) bool) (n int) {
	for _, acceptor := range r.others {
		if holds(acceptor) {
			n++
		}
	}
	return n
}

// refuse says that something was not done, and whom to ask.
func (r *replica) refuse(why string) rpc.Response {
	return rpc.Refuse(r.promised, why, r.Owner(r.promised))
}

// Role implements sim.Program.
func (r *replica) Role() (string, uint64) {
	r.Lock()
	defer r.Unlock()
	return r.role, r.promised
}

// Progress implements sim.Replica.
func (r *replica) Progress() report.Progress {
	r.Lock()
	defer r.Unlock()
	return report.Progress{Last: r.log.length(), Commit: r.chosen, Applied: r.chosen}
}

// Stop implements sim.Program. All that a replica has started ends with its process.
func (r *replica) Stop() error { return nil }

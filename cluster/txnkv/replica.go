package txnkv

import (
	"sync"
	"time"

	"faultline/cluster/raftnode"
	"faultline/cluster/raftnode/confirm"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/txnkv/ssi"
	"faultline/history"
)

// replica is the program of a node: raft, what is committed, and the transactions of the term in which it leads.
type replica struct {
	*raftnode.Node
	system  *system
	mode    mode // of the system, unless a bug is planted
	config  Config
	machine *machine
	confirm *confirm.Confirmer
	group   sync.WaitGroup

	clock      clock
	shard      int
	colleagues *colleagues

	// A planted bug can take the place of these.
	same     func(*exchange, request) bool                          // is a request the one of an exchange, sent again?
	asOf     func(*txn) stamp                                       // the snapshot of a transaction
	first    func(*engine, *txn) error                              // is a transaction the first to commit what it writes?
	remember func(*ssi.Graph, ssi.Owner, uint64)                    // that a transaction is committed
	noted    func(change, history.Value) change                     // what is logged of a change, given what the key has then
	vote     func(*engine, *txn, request) (index uint64, err error) // has the log keep the promise to a coordinator
	settle   func(*engine, step, stamp) error                       // waits until it is decided what a step has to see in a snapshot
	append   func(entry) (index uint64, err error)                  // has an entry applied that has no effect unless it is of its term

	mu      sync.Mutex
	leading *engine // nil before the node has led
}

var _ sim.Replica = (*replica)(nil)

// boot starts a replica from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	node, err := s.OpenNode(p)
	if err != nil {
		return nil, err
	}
	r := s.replica(p, node)
	parts := node.Parts(r.machine)
	parts.Result, parts.State = resultPrint, r.machine.print
	if err := node.Start(parts); err != nil {
		return nil, err
	}
	r.confirm = confirm.New(r.peers(), confirm.Standing{Name: p.Node(), CurrentTerm: r.Raft.CurrentTerm, Voters: r.Voters, Now: p.Now})
	r.confirm.Start(p.Done(), &r.group)
	node.Lead(func() error {
		_, _, err := r.Apply(entry{Kind: begins}.encode(), enqueueTimeout)
		return err
	})
	p.Go(r.sweep)
	return r, rpc.Serve(p, port, r.handle)
}

func (s *system) replica(p *sim.Process, node *raftnode.Node) *replica {
	r := &replica{Node: node, system: s, mode: s.mode, config: s.config, shard: s.shards.on(p.Node()),
		clock: newClock(p, s.config.ClockBound), colleagues: newColleagues(p.Host(), s.shards, s.config.Client)}
	r.machine = newMachine(s.mode.clocks || s.mode.across && r.shard > 0)
	r.same, r.asOf, r.first = same, func(t *txn) stamp { return t.snapshot }, (*engine).firstToCommit
	r.remember, r.noted = (*ssi.Graph).Committed, func(c change, _ history.Value) change { return c }
	r.vote, r.settle, r.append = (*engine).promise, (*engine).untilSettled, r.log
	s.plant(r)
	return r
}

// Stop implements sim.Program.
func (r *replica) Stop() error {
	r.group.Wait()
	return r.Node.Stop()
}

// peers are the other nodes, as a leader asks them whether it still is one.
func (r *replica) peers() []confirm.Peer {
	var all []confirm.Peer
	for _, name := range r.Process.Others() {
		caller := rpc.NewCaller(r.Process.Host(), port)
		all = append(all, confirm.Peer{Name: name, Close: caller.Close, Ask: func(q confirm.Question) bool {
			response, err := caller.Call(name, rpc.NewRequest(asksConfirm, q.Term, "", nil), confirm.Wait)
			return err == nil && response.Status == rpc.Done
		}})
	}
	return all
}

// handle answers a request. What a client is told has to be true whatever becomes of this node.
func (r *replica) handle(_ string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case asksConfirm:
		return r.vouch(q.Term)
	case asksSnapshot:
		return r.snapshot()
	case asksLook:
		return rpc.With(q, r.look)
	default:
		return rpc.With(q, func(body request) rpc.Response {
			body.Term = q.Term
			return r.transact(q.Kind, body)
		})
	}
}

// vouch says whether a leader of a term may still believe in itself.
func (r *replica) vouch(term uint64) rpc.Response {
	now := r.Raft.CurrentTerm()
	if now > term {
		return rpc.Refuse(now, "newer-term", "")
	}
	return rpc.Answer(now, "yes", nil)
}

// transact carries a request of a transaction out, if this node leads.
func (r *replica) transact(kind string, q request) rpc.Response {
	e, err := r.engine()
	if err != nil {
		return r.refused(err)
	}
	switch kind {
	case asksBegin:
		return e.begin(q)
	case asksCommit:
		return e.once(q, func(t *txn) rpc.Response { return e.commit(t, q.Branches) })
	case asksPrepare:
		return e.once(q, func(t *txn) rpc.Response { return e.prepare(t, q) })
	case asksDecide:
		return e.obey(q)
	case asksOutcome:
		return e.ruling(q)
	case asksWaits:
		return e.tellWaits()
	case asksClose:
		return e.shut(q)
	case asksReadAt:
		return e.readAt(q)
	case asksRollback:
		return e.once(q, e.rollBack)
	default:
		return e.once(q, func(t *txn) rpc.Response { return e.step(t, q.Step) })
	}
}

// engine has the transactions of the term in which this node leads.
func (r *replica) engine() (*engine, error) {
	term, err := r.Leads()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.leading == nil || r.leading.term < term {
		if r.leading != nil {
			r.leading.finish()
		}
		r.leading = r.newEngine(term)
	}
	return r.leading, nil
}

// sweepEach is how often it is looked for transactions that have been left alone.
const sweepEach = 100 * time.Millisecond

// sweep aborts what nobody will end.
func (r *replica) sweep() {
	for r.Process.Sleep(sweepEach) {
		if e, err := r.engine(); err == nil {
			e.expire()
			e.inquire()
			continue
		}
		r.mu.Lock()
		if r.leading != nil && r.leading.term < r.Raft.CurrentTerm() {
			r.leading.finish()
		}
		r.mu.Unlock()
	}
}

// refused is the response of a node that does not lead, or not yet.
func (r *replica) refused(err error) rpc.Response {
	m := raftnode.MeaningIn(meanings, err)
	leader := ""
	if m.Elsewhere {
		_, id := r.Raft.LeaderWithID()
		leader = string(id)
	}
	return rpc.Refuse(r.Raft.CurrentTerm(), m.Name, leader)
}

package commitlog

import (
	"slices"
	"time"

	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/journal"
	"faultline/cluster/sim/monitor"
	"faultline/cluster/sim/rpc"
)

// broker is the program of a node: a replica of each partition, and a part of the controller.
type broker struct {
	*raftnode.Node
	system *system
	config *Config

	// A planted bug can take the place of these.
	answer    func(from string, q rpc.Request) rpc.Response
	call      func(node string, q rpc.Request, timeout time.Duration) (rpc.Response, error)
	committed func(b *broker, r *replica) uint64 // how many entries are, as the leader sees it
	turned    func(b *broker, r *replica)        // what a replica does with its log at the beginning of an epoch
	shown     func(r *replica) uint64            // how many entries views may apply
	sent      func(r *replica, m message) uint64 // the entry that a message became when it was sent before; 0 if it was not
	agrees    func(r *replica, p position) bool  // whether a leader's log has what a follower's has up to there
	transactional

	*monitor.Monitor // of what is below
	metadata         metadata
	controller       controller
	keep             func(change) error // puts a change on the disk
	replicas         []*replica         // in the order in which the broker learned of them
	views            map[string]*view
}

// boot starts a broker from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	node, err := s.OpenNode(p)
	if err != nil {
		return nil, err
	}
	file, stored, err := journal.Open[change](p)
	if err != nil {
		return nil, err
	}
	b := &broker{Node: node, system: s, config: s.config, Monitor: monitor.New(p), metadata: newMetadata(s.Nodes(), s.mode.elect),
		keep: file.Add, views: map[string]*view{}}
	b.answer, b.call = b.handle, rpc.NewCaller(p.Host(), port).Call
	b.committed, b.turned, b.sent = (*broker).onAllInSync, func(*broker, *replica) {}, (*replica).sentBefore
	b.transactional = asDesigned(s.mode)
	b.shown, b.agrees = func(r *replica) uint64 { return r.high }, func(r *replica, p position) bool { return r.log.Has(p) }
	for _, c := range stored {
		b.take(c)
	}
	s.plant(b)
	parts := node.Parts((*decisions)(b))
	parts.State = (*decisions)(b).print
	if err := node.Start(parts); err != nil {
		return nil, err
	}
	node.Lead(func() error { return node.Raft.Barrier(enqueueTimeout).Error() })
	p.Go(b.watch)
	p.Go(b.obey)
	for _, r := range b.replicas {
		p.Go(func() { b.follow(r) })
	}
	return b, rpc.Serve(p, port, b.answer)
}

func (b *broker) name() string { return b.Process.Node() }

// The requests.
const (
	asksHeartbeat = "heartbeat" // by brokers of the controller
	asksDecision  = "decide"
	asksReplicate = "replicate" // by followers of a leader
	asksProduce   = "produce"   // by clients
	asksPoll      = "poll"
	asksView      = "view"
	asksJoin      = "join"
	asksCommit    = "commit"
	asksFetch     = "fetch"
	asksInit      = "init-producer"
	asksEnlist    = "add-partitions"
	asksEnd       = "end-transaction"
	asksMark      = "write-marker" // by the coordinator of transactions of a leader
)

func (b *broker) handle(from string, q rpc.Request) rpc.Response {
	switch q.Kind {
	case asksHeartbeat:
		return rpc.With(q, func(d decision) rpc.Response { return b.heartbeat(d.Node, d.Process) })
	case asksDecision:
		return rpc.With(q, b.decided)
	case asksReplicate:
		return rpc.With(q, func(f fetch) rpc.Response { return b.feed(from, q.Term, f) })
	case asksProduce:
		return rpc.With(q, b.produce)
	case asksView:
		return rpc.With(q, b.look)
	case asksJoin:
		return rpc.With(q, b.join)
	case asksCommit:
		return rpc.With(q, b.commitProgress)
	case asksInit:
		return rpc.With(q, b.initialize)
	case asksEnlist:
		return rpc.With(q, b.enlist)
	case asksEnd:
		return rpc.With(q, b.end)
	case asksMark:
		return rpc.With(q, b.mark)
	case asksPoll:
		return rpc.With(q, b.poll)
	default:
		return rpc.With(q, b.fetch)
	}
}

// watch lets time pass for whoever waits, gives the controller a sign of life, and does what falls to leaders and to the controller.
func (b *broker) watch() {
	for alive := true; alive; {
		alive = b.Process.Sleep(b.config.Heartbeat)
		if alive {
			b.Process.Go(func() { b.ask(asksHeartbeat, decision{Node: b.name(), Process: b.Process.Number()}) })
		}
		b.Lock()
		b.control()
		for _, r := range b.replicas {
			b.maintain(r)
		}
		b.Beat()
		b.Unlock()
	}
}

// obey has the replicas be what the controller has decided.
func (b *broker) obey() {
	b.Lock()
	defer b.Unlock()
	for !b.Process.Dead() {
		a, due := b.due()
		if !due {
			b.Await(func() bool { _, due := b.due(); return due })
			continue
		}
		b.Own()
		b.turn(a)
		b.Disown()
	}
}

// due is a partition of which the controller has decided an epoch that the replica is not in. Decisions that are older than what the
// replica has obeyed are none: after a restart raft goes through them once more.
func (b *broker) due() (a assignment, due bool) {
	for _, a := range b.metadata.Partitions {
		if r := b.replica(a.Partition); r == nil || a.Epoch > r.entered && a.Epoch >= r.epoch {
			return a, true
		}
	}
	return a, false
}

// turn has a replica enter an epoch. It is on the disk before anything is done in it. A process leads only if the controller knows that
// it is not an earlier one of the node. The caller owns the disk.
func (b *broker) turn(a assignment) {
	r := b.replica(a.Partition)
	if r == nil {
		r = b.newReplica(a.Partition)
		b.Process.Go(func() { b.follow(r) })
	}
	if a.Epoch > r.epoch {
		b.store(change{Partition: r.name, Epoch: a.Epoch, Keep: r.log.Length()})
	}
	r.entered, r.leader, r.leading = a.Epoch, a.Leader, nil
	switch {
	case a.Leader != b.name():
		b.turned(b, r)
	case b.metadata.Brokers[b.name()].Process == b.Process.Number():
		b.lead(r)
	default:
		r.leader = ""
	}
	b.Changed()
}

// replica is that of a partition; nil if there is none yet.
func (b *broker) replica(partition string) *replica {
	i := slices.IndexFunc(b.replicas, func(r *replica) bool { return r.name == partition })
	if i < 0 {
		return nil
	}
	return b.replicas[i]
}

// newReplica makes a replica, which is empty.
func (b *broker) newReplica(partition string) *replica {
	r := &replica{name: partition}
	r.remember()
	b.replicas = append(b.replicas, r)
	return r
}

// assignments is what the controller has decided, as far as this broker knows.
func (b *broker) assignments() []assignment {
	b.Lock()
	defer b.Unlock()
	return slices.Clone(b.metadata.Partitions)
}

// oldest is the leader of the oldest partition that is not for probes alone, and its epoch.
func (b *broker) oldest() (leader string, epoch uint64) {
	for _, a := range b.assignments() {
		if a.Partition != probed {
			return a.Leader, a.Epoch
		}
	}
	return "", 0
}

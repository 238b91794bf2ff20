package raftkv

import (
	"fmt"
	"net"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"faultline/cluster/network"
	"faultline/cluster/raftkv/raftstore"
	"faultline/cluster/report"
	"faultline/cluster/sim"
)

const (
	raftPort = "7000"
	kvPort   = "8000"
)

// replica is the program of a node: raft, the state machine, and the KV service. It ends with its process.
type replica struct {
	process   *sim.Process
	store     *raftstore.Store
	transport *transport
	raft      *raft.Raft
	machine   *machine
	server    *server
	// restored is how often the machine was restored while raft started: from the node's own snapshot.
	restored int
}

var _ sim.Replica = (*replica)(nil)

// boot starts a replica from the node's files.
func (s *System) boot(p *sim.Process) (_ sim.Program, err error) {
	store, err := raftstore.Open(p.Volume())
	if err != nil {
		return nil, err
	}
	first := p.Number() == 1
	r := &replica{process: p, store: store, machine: newMachine()}
	r.machine.restoring = func() { p.Volume().Reach(raftstore.Restore) }
	r.machine.stored = func() { p.Happened(report.SnapshotTaken) }
	r.machine.restored = func() { p.Happened(report.SnapshotInstalled) }
	raftListener, err := p.Host().Listen(raftPort)
	if err != nil {
		return nil, err
	}
	kvListener, err := p.Host().Listen(kvPort)
	if err != nil {
		return nil, err
	}
	var peers net.Listener = raftListener
	if s.level.promising && !first {
		peers = newSilent(peers, promise(s.config.Lease))
	}
	r.transport = &transport{NetworkTransport: raft.NewNetworkTransportWithConfig(&raft.NetworkTransportConfig{
		Stream: stream{peers, p.Host()}, MaxPool: 3, MaxRPCsInFlight: s.config.Raft.MaxRPCsInFlight,
		Timeout: s.config.Raft.RPCTimeout, Logger: logger("net", p)})}
	led := make(chan bool, 64) // raft waits when it is full
	parts := s.decorate(r)
	if err := s.startRaft(r, parts, led, first); err != nil {
		_ = r.transport.Close()
		return nil, err
	}
	s.replicas = append(s.replicas, r)
	r.restored, _ = r.machine.counts()
	s.observe(r)
	r.server = &server{raft: r.raft, machine: r.machine, level: s.level, config: s.config, now: p.Now,
		host: p.Host(), listener: kvListener, stop: make(chan struct{})}
	r.server.confirm = newConfirmer(p.Host(), p.Others(),
		standing{name: p.Node(), currentTerm: r.raft.CurrentTerm, voters: r.server.voters, now: p.Now})
	parts.serve(r)
	r.server.start(led)
	return r, nil
}

// startRaft starts raft on what the node has stored. Its first process makes all nodes members.
func (s *System) startRaft(r *replica, parts *decorated, led chan<- bool, first bool) (err error) {
	p := r.process
	c := s.raftConfig(p.Node(), logger("raft", p), led)
	snapshots := r.store.Snapshots()
	if first {
		if err := raft.BootstrapCluster(c, parts.logs, parts.stable, snapshots, r.transport, s.membership()); err != nil {
			return fmt.Errorf("bootstrap: %w", err)
		}
	}
	w := watched{s.ledger, p.Node(), p.Dead} // outermost: what raft sees of them
	fsm, logs := w.watchMachine(parts.fsm, r.machine), &watchedLog{parts.logs, w}
	if r.raft, err = raft.NewRaft(c, fsm, logs, parts.stable, snapshots, r.transport); err != nil {
		return fmt.Errorf("start raft: %w", err)
	}
	return nil
}

// roleNames are raft's states as the track of roles has them.
var roleNames = map[raft.RaftState]string{raft.Follower: "follower", raft.Candidate: "candidate", raft.Leader: sim.Leader}

// Role implements sim.Program. Raft tells nobody that it starts as a follower.
func (r *replica) Role() (role string, term uint64) {
	return roleNames[r.raft.State()], r.raft.CurrentTerm()
}

// Progress implements sim.Replica.
func (r *replica) Progress() report.Progress {
	return report.Progress{Last: r.raft.LastIndex(), Commit: r.raft.CommitIndex(),
		Applied: r.machine.position(), Snapshot: r.store.NewestSnapshot()}
}

// Stop implements sim.Program. Raft comes last: a command that is committed and in the state machine's queue when raft is
// told to shut down is never answered, and its handler would wait for ever. If raft is left alone, each command is
// answered soon: a leader that is cut off steps down.
func (r *replica) Stop() error {
	r.server.halt()
	r.transport.abandon()
	return r.raft.Shutdown().Error()
}

func (s *System) raftConfig(name string, log hclog.Logger, led chan<- bool) *raft.Config {
	c := raft.DefaultConfig()
	c.LocalID = raft.ServerID(name)
	c.HeartbeatTimeout = s.config.Raft.HeartbeatTimeout
	c.ElectionTimeout = s.config.Raft.ElectionTimeout
	c.LeaderLeaseTimeout = s.config.Raft.LeaderLeaseTimeout
	c.CommitTimeout = s.config.Raft.CommitTimeout
	c.MaxAppendEntries = s.config.Raft.MaxAppendEntries
	c.SnapshotInterval = s.config.Raft.SnapshotInterval
	c.SnapshotThreshold = s.config.Raft.SnapshotThreshold
	c.TrailingLogs = s.config.Raft.TrailingLogs
	c.NotifyCh = led
	c.NoLegacyTelemetry = true
	// A leader that is removed follows, as others do who are. By default its raft shuts down, in a process that goes
	// on and can never be a member again: messages to it wait for ever for raft to take them.
	c.ShutdownOnRemove = false
	c.Logger = log
	return c
}

// logger is the logger of a part of a process.
func logger(part string, p *sim.Process) hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{Name: part, Level: hclog.Info, Output: p.Log(), DisableTime: true})
}

// observe records the node's changes of role. The filter of an observer is called in place, at the
// instant of the change; nothing is ever sent to its channel.
func (s *System) observe(r *replica) {
	r.raft.RegisterObserver(raft.NewObserver(nil, false, func(o *raft.Observation) bool {
		if state, ok := o.Data.(raft.RaftState); ok && state != raft.Shutdown {
			term := o.Raft.CurrentTerm()
			r.process.Became(roleNames[state], term)
			if state == raft.Leader && !r.process.Dead() {
				s.ledger.leads(r.process.Node(), term)
			}
		}
		return false
	}))
}

// address is where a node's raft is reached.
func address(node string) raft.ServerAddress { return raft.ServerAddress(node + ":" + raftPort) }

// stream is raft's StreamLayer on a virtual host.
type stream struct {
	net.Listener
	host *network.Host
}

// Dial connects to another node.
func (s stream) Dial(addr raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	return s.host.Dial(string(addr), timeout)
}

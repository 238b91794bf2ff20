package raftkv

import (
	"fmt"
	"net"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"faultline/cluster/disk"
	"faultline/cluster/network"
	"faultline/cluster/raftkv/raftstore"
	"faultline/cluster/report"
)

const (
	raftPort = ":7000"
	kvPort   = ":8000"
)

// node is one member of the cluster: a disk, a clock, a log, and the incarnation that runs now, if one does.
type node struct {
	name   string
	disk   *disk.Disk
	clock  *clock
	log    *nodeLog
	live   *incarnation // nil while the node is down
	paused bool

	// starting is the incarnation that boot works on: it can die at a crash point before it is live.
	starting *incarnation
}

// incarnation is a node's process from its start to its end.
type incarnation struct {
	host      *network.Host
	volume    *disk.Volume
	store     *raftstore.Store
	transport *transport
	raft      *raft.Raft
	machine   *machine
	server    *server
	// restored is how often the machine was restored while raft started: from the node's own snapshot.
	restored int
}

// boot starts an incarnation from the node's files.
func (s *System) boot(n *node, bootstrap bool) (err error) {
	if err := n.disk.Startable(); err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	volume, err := n.disk.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	store, err := raftstore.Open(volume)
	if err != nil {
		_ = volume.Close()
		return fmt.Errorf("%s: %w", n.name, err)
	}
	host := s.network.Attach(n.name)
	inc := &incarnation{host: host, volume: volume, store: store, machine: newMachine()}
	inc.machine.restoring = func() { volume.Reach(raftstore.Restore) }
	inc.machine.stored = func() { s.happened(n, inc, report.SnapshotTaken) }
	inc.machine.restored = func() { s.happened(n, inc, report.SnapshotInstalled) }
	s.setStarting(n, inc)
	defer s.setStarting(n, nil)
	defer func() {
		if err != nil && inc.raft == nil {
			host.Kill()
			if inc.transport != nil {
				_ = inc.transport.Close()
			}
			_ = volume.Close()
		}
	}()
	raftListener, err := host.Listen(raftPort[1:])
	if err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	kvListener, err := host.Listen(kvPort[1:])
	if err != nil {
		return fmt.Errorf("%s: %w", n.name, err)
	}
	var peers net.Listener = raftListener
	if s.level.promising && !bootstrap {
		peers = newSilent(peers, promise(s.config.Lease))
	}
	inc.transport = &transport{NetworkTransport: raft.NewNetworkTransportWithConfig(&raft.NetworkTransportConfig{
		Stream: stream{peers, host}, MaxPool: 3, MaxRPCsInFlight: s.config.Raft.MaxRPCsInFlight,
		Timeout: s.config.Raft.RPCTimeout, Logger: n.log.logger("net", host.Down)})}
	led := make(chan bool, 64) // raft waits when it is full
	c := s.raftConfig(n.name, n.log.logger("raft", host.Down), led)
	snapshots := store.Snapshots()
	parts := s.decorate(n, inc)
	if bootstrap {
		if err := raft.BootstrapCluster(c, parts.logs, parts.stable, snapshots, inc.transport, s.membership()); err != nil {
			return fmt.Errorf("%s: bootstrap: %w", n.name, err)
		}
	}
	w := watched{s.ledger, n.name, host.Down} // outermost: what raft sees of them
	fsm, logs := w.watchMachine(parts.fsm, inc.machine), &watchedLog{parts.logs, w}
	inc.raft, err = raft.NewRaft(c, fsm, logs, parts.stable, snapshots, inc.transport)
	if err != nil {
		return fmt.Errorf("%s: start raft: %w", n.name, err)
	}
	inc.restored, _ = inc.machine.counts()
	s.observe(n, inc)
	inc.server = &server{raft: inc.raft, machine: inc.machine, level: s.level, config: s.config, clock: n.clock,
		host: host, listener: kvListener, stop: make(chan struct{})}
	inc.server.confirm = newConfirmer(host, s.others(n),
		standing{name: n.name, currentTerm: inc.raft.CurrentTerm, voters: inc.server.voters, now: n.clock.now})
	parts.serve(inc)
	inc.server.start(led)
	return s.enliven(n, inc)
}

func (s *System) setStarting(n *node, inc *incarnation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.starting = inc
}

// enliven makes an incarnation that started the node's live one, unless it died meanwhile.
func (s *System) enliven(n *node, inc *incarnation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if inc.host.Down() {
		s.bury(inc)
		return fmt.Errorf("%s died while it started", n.name)
	}
	n.live, n.paused, n.starting = inc, false, nil
	s.track.begin(n.name, inc.raft.State().String(), inc.raft.CurrentTerm())
	s.assess()
	return nil
}

// shutdown lets go of an incarnation whose host is cut off, and waits until its goroutines have ended. Raft
// comes last: a command that is committed and in the state machine's queue when raft is told to shut down
// is never answered, and its handler would wait for ever. If raft is left alone, each command is answered
// soon: a leader that is cut off steps down.
func (inc *incarnation) shutdown() error {
	inc.server.halt()
	inc.transport.abandon()
	return inc.raft.Shutdown().Error()
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

// observe records the node's changes of role. The filter of an observer is called in place, at the
// instant of the change; nothing is ever sent to its channel.
func (s *System) observe(n *node, inc *incarnation) {
	inc.raft.RegisterObserver(raft.NewObserver(nil, false, func(o *raft.Observation) bool {
		if state, ok := o.Data.(raft.RaftState); ok && state != raft.Shutdown {
			term := o.Raft.CurrentTerm()
			s.track.role(n.name, state.String(), term, inc.host.Down)
			if state == raft.Leader && !inc.host.Down() {
				s.ledger.leads(n.name, term)
			}
		}
		return false
	}))
}

// stream is raft's StreamLayer on a virtual host.
type stream struct {
	net.Listener
	host *network.Host
}

// Dial connects to another node.
func (s stream) Dial(addr raft.ServerAddress, timeout time.Duration) (net.Conn, error) {
	return s.host.Dial(string(addr), timeout)
}

package raftnode

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode/raftstore"
	"faultline/cluster/report"
	"faultline/cluster/sim"
)

// Port is where a node's raft is reached.
const Port = "7000"

// Node is raft in one process of a node. It is a sim.Program and a sim.Replica for the program that embeds it.
type Node struct {
	Process *sim.Process
	Store   *raftstore.Store
	Raft    *raft.Raft // nil until Start

	cluster   *Cluster
	group     *group
	listener  net.Listener
	transport carrier
	machine   *watchedMachine

	ready      atomic.Uint64
	led        chan bool
	stop       chan struct{}
	goroutines sync.WaitGroup // of what Lead starts
	calls      calls
}

var _ sim.Replica = (*Node)(nil)

// OpenNode opens the files of a node, and listens on Port.
func (c *Cluster) OpenNode(p *sim.Process) (*Node, error) {
	store, err := raftstore.Open(p.Volume())
	if err != nil {
		return nil, err
	}
	listener, err := p.Host().Listen(Port)
	if err != nil {
		return nil, err
	}
	group, err := c.group(p.Node())
	if err != nil {
		return nil, err
	}
	return &Node{Process: p, Store: store, cluster: c, group: group, listener: listener, stop: make(chan struct{})}, nil
}

// Start starts raft on what the node has stored. The first process of a node makes all nodes members.
func (n *Node) Start(parts Parts) error {
	p, c := n.Process, n.cluster
	n.transport = c.transport(stream{parts.Listener, p.Host()}, logger("net", p))
	n.led = make(chan bool, 64) // raft waits when it is full
	if err := n.startRaft(parts); err != nil {
		_ = n.transport.Close()
		return err
	}
	c.counts = append(c.counts, n.machine.counts)
	n.observe()
	return nil
}

func (n *Node) startRaft(parts Parts) (err error) {
	p, c := n.Process, n.cluster
	settings := c.config.settings(p.Node())
	settings.NotifyCh, settings.Logger = n.led, logger("raft", p)
	if parts.Tune != nil {
		parts.Tune(settings)
	}
	snapshots := n.Store.Snapshots()
	if p.Number() == 1 {
		if err := raft.BootstrapCluster(settings, parts.Logs, parts.Stable, snapshots, n.transport, n.group.membership()); err != nil {
			return fmt.Errorf("bootstrap: %w", err)
		}
	}
	w := watched{n.group.ledger, p} // outermost: what raft sees of them
	fsm, logs, stable := n.watchMachine(w, parts), &watchedLog{LogStore: parts.Logs, watched: w}, &watchedTerm{parts.Stable, p}
	if n.Raft, err = raft.NewRaft(settings, fsm, logs, stable, snapshots, n.transport); err != nil {
		return fmt.Errorf("start raft: %w", err)
	}
	n.machine.atStart = n.machine.restored.Load()
	return nil
}

func (n *Node) node() *Node { return n }

// roleNames names raft's states for the track of roles.
var roleNames = map[raft.RaftState]string{raft.Follower: "follower", raft.Candidate: "candidate", raft.Leader: sim.Leader}

// Role implements sim.Program. Raft tells nobody that it starts as a follower.
func (n *Node) Role() (role string, term uint64) {
	return roleNames[n.Raft.State()], n.Raft.CurrentTerm()
}

// Progress implements sim.Replica.
func (n *Node) Progress() report.Progress {
	return report.Progress{Last: n.Raft.LastIndex(), Commit: n.Raft.CommitIndex(),
		Applied: n.machine.applied.Load(), Snapshot: n.Store.NewestSnapshot()}
}

// Stop implements sim.Program. Raft comes last: a command that is committed and in the state machine's queue when raft is
// told to shut down is never answered, and whoever waits for it would wait for ever. If raft is left alone, each command is
// answered soon: a leader that is cut off steps down.
func (n *Node) Stop() error {
	close(n.stop)
	n.goroutines.Wait()
	n.calls.close()
	if t, ok := n.transport.(*pipelining); ok {
		t.abandon()
	}
	return n.Raft.Shutdown().Error()
}

// logger is the logger of a part of a process.
func logger(part string, p *sim.Process) hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{Name: part, Level: hclog.Info, Output: p.Log(), DisableTime: true})
}

// observe records the node's changes of role. The filter of an observer is called in place, at the
// instant of the change; nothing is ever sent to its channel.
func (n *Node) observe() {
	n.Raft.RegisterObserver(raft.NewObserver(nil, false, func(o *raft.Observation) bool {
		if state, ok := o.Data.(raft.RaftState); ok && state != raft.Shutdown {
			term := o.Raft.CurrentTerm()
			n.Process.Became(roleNames[state], term)
			if state == raft.Leader && !n.Process.Dead() {
				n.group.ledger.leads(n.Process.Node(), term)
			}
		}
		return false
	}))
}

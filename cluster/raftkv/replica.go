package raftkv

import (
	"net"

	"faultline/cluster/raftnode"
	"faultline/cluster/raftnode/confirm"
	"faultline/cluster/sim"
)

const kvPort = "8000"

// replica is the program of a node: raft, the state machine and the KV service.
type replica struct {
	*raftnode.Node
	machine *machine
	server  *server
}

var (
	_ sim.Replica      = (*replica)(nil)
	_ raftnode.Yielder = (*replica)(nil)
)

// boot starts a replica from the node's files.
func (s *System) boot(p *sim.Process) (sim.Program, error) {
	node, err := s.OpenNode(p)
	if err != nil {
		return nil, err
	}
	listener, err := p.Host().Listen(kvPort)
	if err != nil {
		return nil, err
	}
	r := &replica{Node: node, machine: newMachine()}
	parts := node.Parts(r.machine)
	parts.Result, parts.State = resultPrint, r.machine.print
	if s.level.promising && p.Number() > 1 {
		parts.Listener = newSilent(parts.Listener, promise(s.config.Lease))
	}
	decorated := s.config.Parts.decorate(r, &parts)
	if err := node.Start(parts); err != nil {
		return nil, err
	}
	s.startServer(r, decorated, listener)
	return r, nil
}

// startServer starts the KV service.
func (s *System) startServer(r *replica, decorated *Node, l net.Listener) {
	p := r.Process
	r.server = &server{Node: r.Node, machine: r.machine, level: s.level, config: s.config, now: p.Now,
		host: p.Host(), listener: l, stop: make(chan struct{})}
	r.server.confirm = confirm.New(peers(p.Host(), p.Others()),
		confirm.Standing{Name: p.Node(), CurrentTerm: r.Raft.CurrentTerm, Voters: r.Voters, Now: p.Now})
	s.config.Parts.serve(decorated)
	r.server.start()
}

// Yields implements raftnode.Yielder: a lease ends before leadership is handed over.
func (r *replica) Yields(term uint64) { r.server.lease.surrender(term) }

// Stop implements sim.Program.
func (r *replica) Stop() error {
	r.server.halt()
	return r.Node.Stop()
}

// replica is what runs on a node; nil while it is down.
func (s *System) replica(name string) *replica {
	r, _ := s.Program(name).(*replica)
	return r
}

package raftfsm

import (
	"bytes"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

const port = "8000"

// enqueueTimeout bounds how long a command may wait for raft's main loop. It says nothing about how long replication takes:
// the client has its own time-out.
const enqueueTimeout = 500 * time.Millisecond

// replica is the program of a node: raft, the state machine, and a port for clients.
type replica struct {
	*raftnode.Node
	system *system
	fsm    raft.FSM
}

var _ sim.Replica = (*replica)(nil)

// boot starts a replica from the node's files.
func (s *system) boot(p *sim.Process) (sim.Program, error) {
	node, err := s.OpenNode(p)
	if err != nil {
		return nil, err
	}
	r := &replica{node, s, s.machine.New(p, s.env.Bug)}
	parts := node.Parts(r.fsm)
	parts.Tune, parts.Result = s.machine.Tune, s.resultPrint
	if s.machine.Canonical {
		parts.State = r.statePrint
	}
	if err := node.Start(parts); err != nil {
		return nil, err
	}
	node.Lead(func() error { return node.Raft.Barrier(enqueueTimeout).Error() })
	return r, rpc.Serve(p, port, r.handle)
}

// handle does an operation, or says what is known of it. What a client is told has to be true whatever becomes of this node.
func (r *replica) handle(_ string, request rpc.Request) rpc.Response {
	return rpc.With(request, func(asked operation) rpc.Response {
		op, err := asked.op()
		switch {
		case err != nil:
			return rpc.Refuse(0, err.Error(), "")
		case r.system.local(op):
			return r.read(op)
		default:
			return r.apply(op)
		}
	})
}

func (r *replica) apply(op cluster.Op) rpc.Response {
	command, err := r.system.machine.Command(op)
	if err != nil {
		return r.done(answer{Error: err.Error()})
	}
	out, index, err := r.Apply(command, enqueueTimeout)
	if err != nil {
		return r.failed(err)
	}
	return r.done(answered(r.system.machine.Outcome(out), index))
}

// read does an operation on this node's state, once the mode allows it.
func (r *replica) read(op cluster.Op) rpc.Response {
	var err error
	switch r.system.env.Mode {
	case raftnode.VerifyMode.Name:
		err = r.Verify()
	case raftnode.LeaderMode.Name:
		if r.Raft.State() != raft.Leader {
			err = raft.ErrNotLeader
		}
	}
	if err != nil {
		return r.failed(err)
	}
	return r.done(answered(r.system.machine.Read(r.fsm, op), 0))
}

func (r *replica) done(a answer) rpc.Response {
	return rpc.Answer(r.Raft.CurrentTerm(), string(a.Value)+a.Error, a)
}

// failed is the response to an operation that brought an error.
func (r *replica) failed(err error) rpc.Response {
	m := raftnode.MeaningIn(raftnode.Meanings(), err)
	if !m.Definite {
		return rpc.Unsure(r.Raft.CurrentTerm(), m.Name)
	}
	leader := ""
	if m.Elsewhere {
		_, id := r.Raft.LeaderWithID()
		leader = string(id)
	}
	return rpc.Refuse(r.Raft.CurrentTerm(), m.Name, leader)
}

// resultPrint is the fingerprint of what a client would be told.
func (s *system) resultPrint(out any) (uint64, bool) {
	a := answered(s.machine.Outcome(out), 0)
	b := append([]byte(a.Error), a.Value...)
	if a.OK {
		b = append(b, '!')
	}
	return raftnode.Fingerprint(b), true
}

// statePrint is the fingerprint of a snapshot. Raft's goroutine of the state machine calls it, as it takes snapshots.
func (r *replica) statePrint() uint64 {
	snapshot, err := r.fsm.Snapshot()
	if err != nil {
		return 0
	}
	defer snapshot.Release()
	var k sink
	if err := snapshot.Persist(&k); err != nil {
		return 0
	}
	return raftnode.Fingerprint(k.Bytes())
}

// sink takes a snapshot that is not stored.
type sink struct{ bytes.Buffer }

func (*sink) ID() string    { return "" }
func (*sink) Cancel() error { return nil }
func (*sink) Close() error  { return nil }

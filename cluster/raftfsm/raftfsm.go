// Package raftfsm makes a kind of system of a state machine that was written for hashicorp/raft, as it is: raft runs under it on
// simulated machines, clients send it operations, and it suffers every fault that raft does.
//
// It guarantees honest outcomes. An operation is sent once: a client reports ok if the state machine has applied it, fail if
// raft certainly never took it or the state machine refused it, and info where it cannot know. The state machine applies
// the same entries in the same order on all nodes, and where two come to different results or states, the report says so.
//
// The state machine owes it what raft asks of an FSM, and what all code in a world owes: its results follow from the entries
// alone, Apply never waits, and a lock that Read takes is not held while it waits.
package raftfsm

import (
	"math/rand/v2"
	"slices"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

// Machine describes a replicated state machine, and how clients use it.
type Machine struct {
	Name  string // of the kind of system
	Doc   string // in a line
	Nodes int    // 5 if it is 0

	Ops []string // the operations that it understands, by their names in a history

	// New returns an empty state machine for a process of a node, with a bug planted if one is named.
	New func(p *sim.Process, bug string) raft.FSM
	// Command is what an operation is in the log. An error fails the operation. It may leave out the padding, if there is any.
	Command func(cluster.Op) ([]byte, error)
	// Outcome is what Apply's answer means to the client: OK with a value, or Fail with an error if the command has changed
	// nothing. Only Type, Value and Error count.
	Outcome func(answer any) cluster.Outcome

	// Reads are the operations that change nothing, and Read does one of them on a node's own state machine. With them there are
	// modes in which reads do not go by way of the log.
	Reads []string
	Read  func(fsm raft.FSM, op cluster.Op) cluster.Outcome

	// Probe is as in cluster.Kind.
	Probe func(draw *rand.Rand) cluster.Op

	// Canonical says that equal states have equal snapshots, to the byte. Then it is watched that nodes agree on the state.
	Canonical bool
	Tune      func(*raft.Config) // changes raft's settings; nil if they stay
	Bugs      []cluster.Bug
}

// Kind is the state machine as a kind of system.
func (m Machine) Kind() cluster.Kind {
	modes := []cluster.Mode{raftnode.LogMode}
	if m.Read != nil {
		modes = append(modes, raftnode.VerifyMode, raftnode.LeaderMode, raftnode.StaleMode)
	}
	return cluster.Kind{
		Name: m.Name, Doc: m.Doc, Nodes: m.Nodes,
		Modes:       modes,
		Ops:         m.Ops,
		Suffers:     raftnode.Suffers(),
		CrashPoints: raftnode.CrashPoints(),
		Bugs:        m.Bugs,
		Errors:      raftnode.Errors(raftnode.Meanings()),
		Config:      func() cluster.Config { c := Config{}.WithDefaults(); return &c },
		Open:        m.open,
		Probe:       m.Probe,
	}
}

// system is a cluster of a machine's nodes.
type system struct {
	*raftnode.Cluster
	machine Machine
	config  Config
	env     cluster.Env
}

func (m Machine) open(env cluster.Env) (_ cluster.System, err error) {
	s := &system{machine: m, config: env.Config.(*Config).WithDefaults(), env: env}
	s.Cluster, err = raftnode.New(s.config.Raft, rpc.Machines(env, s.config.Hardware, s.boot, nil, port))
	return s, err
}

// local reports whether a node answers an operation from its own state.
func (s *system) local(op cluster.Op) bool {
	return s.env.Mode != raftnode.LogMode.Name && s.reads(op)
}

// reads reports whether an operation changes nothing.
func (s *system) reads(op cluster.Op) bool { return slices.Contains(s.machine.Reads, op.F) }

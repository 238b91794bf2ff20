// Package foreign makes a kind of system of a store that is a program of its own, unmodified, from a description of it (package
// description). Its nodes are processes on simulated machines (package guest), so it suffers every fault that these do. Its clients
// are whatever library the store has, each on a host of its own.
//
// The world of such a store is a program of its own too, which is built with the clients that it needs (package build). This
// package does not link them: it knows of those that come with Faultline what they understand, and a client registers itself
// where it is linked. The config of a system has all of its description, so a stored run needs no file to be repeated.
//
// A client owes it honest outcomes: ok only for what took effect, fail only for what never will, and info in doubt. The store
// owes it nothing. What it prints is its log.
package foreign

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign/description"
	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// system is a store's nodes.
type system struct {
	*sim.Cluster
	env    cluster.Env
	config *Config
	mode   description.Mode

	watchers atomic.Int32 // hosts from which nodes were asked whether they are ready
	opened   time.Time

	mu       sync.Mutex
	nodes    []*node         // all that were started, in order
	bearable map[string]bool // what the store cannot do in a world, and has another way
}

func open(env cluster.Env) (cluster.System, error) {
	c := env.Config.(*Config)
	s := &system{env: env, config: c, mode: c.Description.Mode(env.Mode), opened: time.Now()}
	var err error
	s.Cluster, err = sim.New(sim.Config{Seed: env.Seed, Dir: env.Dir, Nodes: cluster.NodeNames(env.Nodes), Hardware: c.Hardware,
		Boot: s.boot, Guests: true, Trace: env.Trace, CrashPoints: guest.CrashPoints(), Parts: parts(c.Description.Disk)})
	return s, err
}

// Faults are those of every machine, and with a pattern for the leader those that aim at it.
func (s *system) Faults() cluster.Faults {
	f := s.Cluster.Faults()
	if s.config.Description.Log.TellsLeader() {
		f.Leadership = s
	}
	return f
}

// machine is a node as templates know it.
func machine(name string) description.Machine {
	m := description.Machine{Name: name, IP: guest.Address(name).String()}
	_, _ = fmt.Sscanf(name, "n%d", &m.Index) // as cluster.NodeNames has them
	return m
}

// dataDir is where a node is told to keep its data, in its own directory.
const dataDir = "data"

// variables are what the templates of a node can name.
func (s *system) variables(name string) description.Variables {
	v := description.Variables{Machine: machine(name), Dir: dataDir, Seed: s.env.Seed, Mode: s.env.Mode}
	for _, other := range s.Nodes() {
		v.Nodes = append(v.Nodes, machine(other))
		if other != name {
			v.Peers = append(v.Peers, machine(other))
		}
	}
	return v
}

// Package byzantine is reliable broadcast among nodes of which some lie (Lamport, Shostak and Pease 1982; Bracha 1987, Asynchronous Byzantine
// Agreement Protocols; Kleppmann, Distributed Systems, lecture 2).
//
// A broadcast among nodes that do not lie is broken by one that does: it tells half of the nodes one message and the others another, and
// each passes on what it has heard. Bracha's takes two rounds more, in which nodes tell each other what they have heard, and
// survives f liars among more than 3f nodes. With fewer nodes no algorithm does.
//
// The model is asynchronous. Processes do not crash, as one that is silent for good counts among the liars.
package byzantine

import (
	"fmt"
	"slices"
	"time"

	"faultline/cluster"
	"faultline/cluster/broadcast"
	"faultline/cluster/course"
	"faultline/cluster/ops"
	"faultline/cluster/report"
	"faultline/cluster/sim"
	"faultline/cluster/sim/kv"
	"faultline/cluster/sim/rpc"
)

// Config are the settings. Durations are in nanoseconds as JSON.
type Config struct {
	Liars     int           `json:"liars" flag:"liars" doc:"how many nodes lie: the last ones"`
	Tolerated int           `json:"tolerated" flag:"tolerated" doc:"how many liars nodes reckon with"`
	Resend    time.Duration `json:"resend" flag:"resend" doc:"how long a node waits before it repeats what another has not acknowledged"`
	Client    rpc.Timeouts  `json:"client"`
	sim.Hardware
}

func defaults() cluster.Config {
	return &Config{Liars: 1, Tolerated: 1, Resend: 100 * time.Millisecond, Hardware: sim.Hardware{}.WithDefaults(),
		Client: rpc.Timeouts{Operation: time.Second, Attempt: time.Second, Backoff: 50 * time.Millisecond}}
}

// Validate implements cluster.Config.
func (c *Config) Validate() error {
	switch {
	case c.Liars < 0 || c.Tolerated < 0:
		return fmt.Errorf("%d liars, of which %d are tolerated: give 0 or more", c.Liars, c.Tolerated)
	case c.Resend < time.Millisecond:
		return fmt.Errorf("resend %v: give 1ms or more", c.Resend)
	}
	return c.Hardware.Validate()
}

// check refuses clusters in which nobody is honest. That there are too few honest nodes for the algorithm is for the run to show.
func check(env cluster.Env) error {
	if liars := env.Config.(*Config).Liars; liars >= env.Nodes {
		return fmt.Errorf("%d liars of %d nodes: one or more must be honest", liars, env.Nodes)
	}
	return nil
}

// mode is an algorithm.
type mode struct {
	cluster.Mode
	thresholds func(n, f int) thresholds
}

var modes = cluster.Modes[mode]{
	{Mode: cluster.Mode{Name: "bracha", Claims: "reliable among honest nodes, of f liars and more than 3f nodes", Model: "byzantine-reliable",
		Doc:       "nodes tell each other what they have heard, and deliver a message that more than two thirds are ready for",
		Resembles: "HoneyBadgerBFT's broadcast, and PBFT's prepare and commit",
		Way:       "three messages, one after the other",
		Keeps:     []string{"byzantine-reliable"}},
		thresholds: bracha},
	{Mode: cluster.Mode{Name: "trusting", Claims: cluster.Nothing,
		Doc: "a node passes a message on and delivers it as soon as it hears of it"},
		thresholds: trusting},
}

// system is the nodes.
type system struct {
	*sim.Cluster
	config *Config
	mode   mode
	plant  func(*node) // plants the bug, if there is one
}

var _ cluster.Replicas = (*system)(nil)

const port = "7000" // where nodes answer each other and clients

// Kind is nodes of which some lie, as a kind of system.
func Kind() cluster.Kind {
	return cluster.Kind{Name: "byzantine", Doc: "nodes that broadcast messages to each other, one of which lies",
		Lectures: []course.Lecture{course.Failures},
		Nodes:    4,
		Modes:    modes.Described(), Bugs: bugs.Described(),
		Ops: []string{ops.Broadcast, ops.Deliveries}, Workload: "delivery-order", Config: defaults, Check: check, Open: open, Probe: kv.Probe,
		Suffers: []cluster.Fault{cluster.SuffersLinks, cluster.SuffersPauses, cluster.SuffersImpairments, cluster.SuffersResets, cluster.SuffersDuplicates}}
}

func open(env cluster.Env) (cluster.System, error) {
	s := &system{config: env.Config.(*Config), mode: modes.Called(env.Mode), plant: bugs.Planting(env.Bug)}
	var err error
	s.Cluster, err = sim.New(rpc.Machines(env, s.config.Hardware, s.boot, nil, port))
	return s, err
}

// liars are the last nodes.
func (s *system) liars() []string {
	nodes := s.Nodes()
	return nodes[len(nodes)-s.config.Liars:]
}

func (s *system) lies(node string) bool { return slices.Contains(s.liars(), node) }

// Faults are those of links, and pauses.
func (s *system) Faults() cluster.Faults {
	all := s.Cluster.Faults()
	return cluster.Faults{Links: all.Links, Pauses: all.Pauses, Impairments: all.Impairments, Resets: all.Resets, Duplicates: all.Duplicates}
}

// Behind names the nodes that still have something to tell.
func (s *system) Behind() (names []string) {
	for _, name := range s.Nodes() {
		if n, _ := s.Program(name).(*node); n != nil && !n.links.Settled() {
			names = append(names, name)
		}
	}
	return names
}

// Report says who lied, too.
func (s *system) Report() report.Report {
	r := s.Cluster.Report()
	r.Byzantine = s.liars()
	return r
}

// Open returns a client of a node, on a host of its own.
func (s *system) Open(id int, near string) cluster.Client {
	return broadcast.Client{Client: kv.Client{Client: rpc.NewClient(s.Client(id), port, []string{near}, near, s.config.Client), ID: uint64(id) + 1}}
}

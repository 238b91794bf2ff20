package world

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign/build"
	"faultline/cluster/scheduler"
	"faultline/nemesis"
	"faultline/workloads"
)

// Spec says what is run. It is stored as JSON with every run; durations are in nanoseconds. System, Nodes, Mode and Config
// may be left out: WithDefaults fills them in.
type Spec struct {
	Seed        uint64            `json:"seed"`
	TimeLimit   time.Duration     `json:"time_limit"` // of clients and nemesis; recovery and final reads come on top
	Rate        float64           `json:"rate"`       // operations a second, over all clients
	Concurrency int               `json:"concurrency"`
	Workload    string            `json:"workload"`
	Options     workloads.Options `json:"workload_options"`
	Nemesis     []string          `json:"nemesis"` // families; none for no faults
	Interval    time.Duration     `json:"nemesis_interval"`
	Intensity   float64           `json:"nemesis_intensity"` // share of the time that a fault of a family is in effect; 0 for the default
	System      string            `json:"system"`            // the kind, by its name
	Nodes       int               `json:"nodes"`
	Mode        string            `json:"mode"`
	Config      cluster.Config    `json:"config"` // of the type that the kind says
	Clock       Clock             `json:"clock"`
	// Overlay has the process of a world be this program, built with the overlay (package overlay). The scheduler then holds all
	// goroutines of a node that is paused, and ends those of one that is dead; no process is traced. See package cluster/scheduler.
	Overlay bool         `json:"overlay,omitempty"`
	Program build.Record `json:"program,omitzero"` // what that program was built from; see Built
	// MaxOutage is how long clients may go without an acknowledged operation before it is a violation; 0 for ever.
	MaxOutage time.Duration `json:"max_outage,omitempty"`
	Bug       string        `json:"bug,omitempty"` // planted, by its name in the gallery; empty for none
}

// Kind is the kind of system that is tested: the one that the config describes, or else the one of that name.
func (s Spec) Kind() (cluster.Kind, error) { return cluster.KindOf(s.System, s.Config) }

// Open opens the workload, with what every test of a system asks its nodes at the end. The same spec always opens the same, so that
// whoever judges a stored run has the checkers that it was made for.
func (s Spec) Open() (workloads.Workload, error) {
	s, err := s.WithDefaults()
	if err != nil {
		return nil, err
	}
	kind, err := s.Kind()
	if err != nil {
		return nil, err
	}
	w, ok := workloads.ByName(s.Workload)
	if !ok {
		return nil, unknown("workload", s.Workload, workloads.Names())
	}
	mode, err := kind.Mode(s.Mode)
	if err != nil {
		return nil, err
	}
	return workloads.Inspected(w.Open(s.Options.In(mode, w)), kind.Ops), nil
}

// WithDefaults fills in what a spec does not say of its system.
func (s Spec) WithDefaults() (Spec, error) {
	kind, err := s.Kind()
	if err != nil {
		return s, err
	}
	s.System = kind.Name
	if w, ok := workloads.ByName(s.Workload); ok {
		s.Workload = w.Name // it may have been called by another
	}
	s.Nodes = cmp.Or(s.Nodes, kind.Nodes)
	s.Mode = cmp.Or(s.Mode, kind.DefaultMode)
	if s.Config == nil {
		s.Config = kind.Config()
	}
	return s, nil
}

// Built is the spec with the programs that its kind of system needs, which are built first; most need none. Programs that have not
// changed are not built again. It tells progress in lines.
func (s Spec) Built(ctx context.Context, progress io.Writer) (Spec, error) {
	s, err := s.WithDefaults()
	if err != nil {
		return s, err
	}
	kind, err := s.Kind()
	switch {
	case err != nil || !s.needsPrograms(kind):
	case kind.Build != nil:
		s.Config, err = kind.Build(ctx, s.Config, progress)
	default:
		s.Program, err = buildItself(ctx, progress)
	}
	return s, err
}

// needsPrograms reports whether the worlds of a spec are processes of another program than this one.
func (s Spec) needsPrograms(kind cluster.Kind) bool {
	return kind.Build != nil || s.Overlay && !scheduler.Built
}

// buildItself builds this program with the overlay.
func buildItself(ctx context.Context, progress io.Writer) (build.Record, error) {
	b, err := build.New(progress)
	if err != nil {
		return build.Record{}, err
	}
	return b.Itself(ctx)
}

// Programs returns the directory of the programs that were built for a spec.
func (s Spec) Programs() (string, error) {
	kind, err := s.Kind()
	if err != nil {
		return "", err
	}
	switch {
	case !s.needsPrograms(kind):
		return "", fmt.Errorf("the worlds of %s are this very program", kind.Name)
	case kind.Programs != nil:
		return kind.Programs(s.Config)
	default:
		return build.Find(s.Program)
	}
}

// HasPrograms reports whether the worlds of a spec can be run as it is.
func (s Spec) HasPrograms() bool {
	kind, err := s.Kind()
	if err == nil && s.needsPrograms(kind) {
		_, err = s.Programs()
	}
	return err == nil
}

// Differs says what programs were built otherwise for another spec of the same system.
func (s Spec) Differs(then Spec) []string {
	if built, ok := s.Config.(cluster.Built); ok {
		return built.Differs(then.Config)
	}
	return s.Program.Differs(then.Program)
}

// Build identifies the programs that were built for a spec; empty if none were, as its worlds are this very program.
func (s Spec) Build() string {
	if built, ok := s.Config.(cluster.Built); ok {
		return built.Build()
	}
	return s.Program.Digest
}

// quiet is how long a test is left alone at its start, so that there is a healthy phase to compare with.
const quiet = 5 * time.Second

// Schedule draws the faults of a spec.
func (s Spec) Schedule() (nemesis.Schedule, error) { return s.ScheduleFor(s.Subject()) }

// ScheduleFor draws the faults of a spec for systems of which no more is known than the subject says.
func (s Spec) ScheduleFor(on nemesis.Subject) (nemesis.Schedule, error) {
	first := min(quiet, s.TimeLimit/4)
	if len(s.Nemesis) > 0 && s.TimeLimit-first < s.Interval {
		return nil, fmt.Errorf("time limit %v: too short for a nemesis interval of %v, as the first %v are without faults",
			s.TimeLimit, s.Interval, first)
	}
	return nemesis.Generate(generator(s.Seed, "schedule"), nemesis.Options{
		Families: s.Nemesis, Subject: on, Interval: s.Interval, Intensity: s.Intensity, First: first, End: s.TimeLimit})
}

// Planted is the spec with a bug, and with what that bug needs to show: clients that can see it, the families of
// faults that concern it, and the promise that it breaks.
func (s Spec) Planted(bug string) Spec {
	s.Bug = bug
	kind, err := s.Kind()
	if err != nil {
		return s
	}
	if b, err := kind.Bug(bug); err == nil {
		if w, ok := workloads.ByName(s.Workload); ok && !b.ActsOn(w.Ops) {
			s.Workload = b.Workload
		}
		s.Mode = cmp.Or(b.Mode, s.Mode)
		s.Nemesis = nemesis.Union(s.Nemesis, b.Nemesis)
		s.Options.Staleness = max(s.Options.Staleness, b.Staleness)
		if len(s.Options.ConsistencyModels) == 0 {
			s.Options.ConsistencyModels = b.Models
		}
	}
	return s
}

// Staged is the spec as a scenario wants it, whose schedule takes the place of faults that are drawn.
func (s Spec) Staged(c cluster.Scenario) Spec {
	s.Nodes, s.Nemesis, s.TimeLimit, s.Options.Keys, s.Rate = c.Nodes, nil, c.TimeLimit, c.Keys, c.Rate
	if c.Apply != nil {
		s.Config = cluster.CloneConfig(s.Config)
		c.Apply(s.Config)
	}
	return s
}

// RoundTrip is how long a message and its answer take in the median; 0 if the system does not say.
func (s Spec) RoundTrip() time.Duration {
	s, _ = s.WithDefaults() // a spec that is run has a kind
	if c, ok := s.Config.(cluster.RoundTripper); ok {
		return c.RoundTrip()
	}
	return 0
}

// Staleness is how old a read may be in modes that bound it; 0 if the system does not say.
func (s Spec) Staleness() time.Duration {
	s, _ = s.WithDefaults() // a spec that is run has a kind
	if c, ok := s.Config.(cluster.Stale); ok {
		return c.Staleness()
	}
	return 0
}

// Subject is what schedules must know of the system.
func (s Spec) Subject() nemesis.Subject {
	kind, err := s.Kind()
	if err != nil {
		return nemesis.Subject{}
	}
	return nemesis.Subject{Nodes: cluster.NodeNames(cmp.Or(s.Nodes, kind.Nodes)), Suffers: kind.Suffers, CrashPoints: kind.CrashPoints, Parts: kind.Parts}
}

package world

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"faultline/checker/catalog"
	"faultline/cluster"
	"faultline/internal/nearest"
	"faultline/nemesis"
	"faultline/workloads"
)

// Validate reports what is wrong with a spec, in the words of the command line.
func (s Spec) Validate() error {
	switch {
	case s.TimeLimit < 100*time.Millisecond:
		return fmt.Errorf("time limit %v: a test takes 100ms or more", s.TimeLimit)
	case !(s.Rate > 0 && s.Rate <= 1e6): // said so that it refuses NaN
		return fmt.Errorf("rate %g: give operations a second, more than 0 and at most a million", s.Rate)
	case s.Concurrency < 1 || s.Concurrency > 1000:
		return fmt.Errorf("concurrency %d: give 1 to 1000 clients", s.Concurrency)
	case s.Options.Keys < 0 || s.Options.Keys > 1_000_000:
		return fmt.Errorf("keys %d: give 1 to a million", s.Options.Keys)
	case !(s.Options.HotKey >= 0 && s.Options.HotKey <= 1):
		return fmt.Errorf("hot key %g: give the share of operations that go to one key, from 0 to 1", s.Options.HotKey)
	case s.Options.Staleness < 0:
		return fmt.Errorf("staleness %v: give 0 or more", s.Options.Staleness)
	case s.Intensity != 0 && !(s.Intensity > 0 && s.Intensity < 1):
		return fmt.Errorf("nemesis intensity %g: give the share of the time in which there is a fault, more than 0 and less than 1", s.Intensity)
	case s.MaxOutage < 0:
		return fmt.Errorf("max outage %v: give more than 0, or 0 for no bound", s.MaxOutage)
	case s.Clock != Virtual && s.Clock != Real:
		return unknown("clock", string(s.Clock), []string{string(Virtual), string(Real)})
	}
	workload, ok := workloads.ByName(s.Workload)
	if !ok {
		return unknown("workload", s.Workload, workloads.Names())
	}
	if err := workload.CheckModels(s.Options); err != nil {
		return err
	}
	kind, err := s.Kind()
	if err != nil {
		return err
	}
	if err := kind.Understand(workload.Ops); err != nil {
		return fmt.Errorf("workload %s: %w; workloads that it can be tested by: %s", workload.Name, err,
			cmp.Or(strings.Join(workloads.Fitting(kind.Ops), ", "), "none"))
	}
	s, _ = s.WithDefaults() // the kind is known
	if err := s.validateOverlay(kind); err != nil {
		return err
	}
	if s.Nodes < 1 || s.Nodes > mostNodes {
		return fmt.Errorf("a cluster has 1 to %d nodes, not %d", mostNodes, s.Nodes)
	}
	if _, err := kind.Mode(s.Mode); err != nil {
		return err
	}
	if err := s.validateModes(kind); err != nil {
		return err
	}
	if s.Bug != "" {
		if _, err := kind.Bug(s.Bug); err != nil {
			return err
		}
	}
	if err := s.Config.Validate(); err != nil {
		return err
	}
	if kind.Check != nil {
		if err := kind.Check(cluster.Env{Seed: s.Seed, Nodes: s.Nodes, Mode: s.Mode, Config: s.Config, Bug: s.Bug}); err != nil {
			return err
		}
	}
	return nemesis.CheckFamilies(s.Nemesis, kind.Suffers)
}

// validateOverlay reports what no program can do, with the overlay or without.
func (s Spec) validateOverlay(kind cluster.Kind) error {
	delayer, ok := s.Config.(cluster.Delayer)
	switch {
	case kind.Build != nil && s.Clock == Real:
		return fmt.Errorf("clock %s: a system that is a program of its own lives in virtual time only", Real)
	case kind.Build != nil && s.Overlay:
		return fmt.Errorf("overlay: %s is a program of its own, which is built with the overlay always", kind.Name)
	case s.Overlay && s.Clock == Real:
		return fmt.Errorf("clock %s: a world with the overlay lives in virtual time only", Real)
	case ok && delayer.Delayed() && !s.Overlay && kind.Build == nil:
		return errors.New("lock delay, call delay: goroutines of a node can be delayed in a world with the overlay only: add --overlay")
	}
	return nil
}

// sound are the registered kinds, by name, whose modes were looked at. They do not change, and a search validates thousands of specs.
var sound sync.Map

// validateModes reports what modes claim in words that nobody knows. Those of a system that is described are what its config says.
func (s Spec) validateModes(k cluster.Kind) error {
	_, described := s.Config.(cluster.Described)
	if _, known := sound.Load(k.Name); known && !described {
		return nil
	}
	for _, m := range k.Modes {
		for _, model := range append([]string{m.Model}, m.Keeps...) {
			if err := catalog.KnownConsistencyModel(model); err != nil && model != "" {
				return fmt.Errorf("%s %s of %s: %w", k.ModeNoun, m.Name, k.Name, err)
			}
		}
		if err := nemesis.CheckFamilies(m.BrokenBy, k.Suffers); err != nil {
			return fmt.Errorf("%s %s of %s is broken by: %w", k.ModeNoun, m.Name, k.Name, err)
		}
	}
	if !described {
		sound.Store(k.Name, nil)
	}
	return nil
}

// mostNodes is how many a cluster may have.
const mostNodes = 99

// unknown is the error for a name that does not exist.
func unknown(what, name string, names []string) error {
	return fmt.Errorf("unknown %s %q; %s", what, name, nearest.Hint(name, names, "there are"))
}

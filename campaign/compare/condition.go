package compare

import (
	"fmt"

	"faultline/campaign/trial"
	"faultline/cluster"
	"faultline/nemesis"
	"faultline/world"
)

// Condition is under what setups are compared: a cluster, and what is done to it.
type Condition struct {
	Name         string // such as "5 nodes, faults: partition,crash"
	Schedule     string // for every run, in place of drawn ones
	ScheduleFile string // where it was read
	apply        func(*world.Spec)
	systems      Systems // for all of which the same schedule is drawn
}

// Drawn is the condition that faults of these families are drawn, for all systems the same.
func Drawn(systems Systems, nodes int, families []string) Condition {
	return Condition{Name: fmt.Sprintf("%d nodes, faults: %s", nodes, nemesis.FormatFamilies(families, systems.Common().Suffers)),
		apply: func(s *world.Spec) { s.Nodes, s.Nemesis = nodes, families }, systems: systems}
}

// draw returns what a world needs to run a spec under the condition.
func (c Condition) draw(spec world.Spec) (world.Input, error) {
	if len(c.systems) < 2 {
		return trial.Draw(spec, c.Schedule)
	}
	drawn, err := spec.ScheduleFor(c.systems.subject(spec))
	if err != nil {
		return world.Input{}, fmt.Errorf("seed %d: %w", spec.Seed, err)
	}
	return world.Input{Spec: spec, Schedule: drawn.String()}, nil
}

// Given is the condition that a schedule is carried out.
func Given(nodes int, file, schedule string) Condition {
	return Condition{Name: fmt.Sprintf("%d nodes, faults: by the schedule %s", nodes, file), Schedule: schedule, ScheduleFile: file,
		apply: func(s *world.Spec) { s.Nodes = nodes }}
}

// Shown is the condition of a scenario.
func Shown(c cluster.Scenario) Condition {
	return Condition{Name: c.Name, Schedule: c.Schedule, apply: func(s *world.Spec) { *s = s.Staged(c) }}
}

package compare

import (
	"fmt"

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
}

// Drawn is the condition that faults of these families are drawn.
func Drawn(kind cluster.Kind, nodes int, families []string) Condition {
	return Condition{Name: fmt.Sprintf("%d nodes, faults: %s", nodes, nemesis.FormatFamilies(families, kind.Suffers)),
		apply: func(s *world.Spec) { s.Nodes, s.Nemesis = nodes, families }}
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

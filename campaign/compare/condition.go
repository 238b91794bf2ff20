package compare

import (
	"fmt"
	"strings"
	"time"

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
func Drawn(nodes int, families []string) Condition {
	return Condition{Name: fmt.Sprintf("%d nodes, faults: %s", nodes, nemesis.FormatFamilies(families)),
		apply: func(s *world.Spec) { s.Cluster.Nodes, s.Nemesis = nodes, families }}
}

// Given is the condition that a schedule is carried out.
func Given(nodes int, file, schedule string) Condition {
	return Condition{Name: fmt.Sprintf("%d nodes, faults: by the schedule %s", nodes, file), Schedule: schedule, ScheduleFile: file,
		apply: func(s *world.Spec) { s.Cluster.Nodes = nodes }}
}

// LateAnswers breaks the level verify, which drawn faults hardly ever do: see docs/raft.md#verify-late-answers. The way back to a
// leader that pipelines becomes slow step by step, so that answers keep coming; then nothing that it sends arrives any
// more, but what it had sent is answered for another second and a half: long enough for another leader to take writes.
func LateAnswers() Condition {
	const steps, by, every = 15, 100 * time.Millisecond, 250 * time.Millisecond
	var text strings.Builder
	fmt.Fprintf(&text, "5s transfer n1\n")
	for i := range time.Duration(steps) {
		fmt.Fprintf(&text, "%v delay n2,n3 > n1 by %v\n", 7*time.Second+i*every, (i+1)*by)
	}
	fmt.Fprintf(&text, "11s oneway n1 > n2,n3\n11.3s end delay\n16s end oneway\n")
	return Condition{Name: "3 nodes that pipeline, 2 keys, 400 operations a second; faults: answers reach the leader late, then it is cut off in one direction", Schedule: text.String(),
		apply: func(s *world.Spec) {
			s.Cluster.Nodes, s.Nemesis, s.TimeLimit, s.Cluster.Raft.MaxRPCsInFlight = 3, nil, 17*time.Second, 32
			s.Options.Keys, s.Rate = 2, 400 // so that what is read has been overwritten
		}}
}

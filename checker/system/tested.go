// Package system judges a run as a whole: whether the cluster kept its own rules, came back after the faults and served as
// steadily as was asked, and whether the run tested anything.
package system

import (
	"fmt"

	"faultline/checker"
	"faultline/history/stats"
	"faultline/internal/wording"
)

// A run in which the store hardly answered, even while nothing was broken, has tested nothing: its
// history is short of anything that could be wrong. To count as a test, a run needs MinServed
// operations served while the system was healthy, and MinServedShare of those invoked then. The share
// is low on purpose: a store that is merely slow is tested, one that never elected a leader is not.
const (
	MinServed      = 10
	MinServedShare = 0.1
)

// Tested decides whether a run tested anything: it is valid if so and unknown otherwise, never
// invalid. With faultsWanted at least one fault must have taken effect.
func Tested(s stats.Statistics, faultsWanted bool) checker.Part {
	p := checker.Part{Name: "tested", Validity: checker.Unknown}
	healthy := s.Phase(stats.Healthy)
	served := healthy.OK + healthy.Refused
	faults := s.FaultsInEffect()
	switch {
	case s.Operations() == 0:
		p.Reason = "this tested nothing: no client invoked an operation"
	case served < MinServed || healthy.Availability < MinServedShare:
		p.Reason = fmt.Sprintf("this tested nothing: of %s invoked while the system was healthy only %s served",
			wording.Count(healthy.Invoked, "operation"), wording.Were(served))
	case faultsWanted && faults == 0:
		p.Reason = "this tested nothing: faults were wanted and none took effect"
	default:
		p.Validity = checker.Valid
		p.Reason = fmt.Sprintf("%s of %s were served while the system was healthy, and %s took effect",
			wording.Grouped(served), wording.Count(healthy.Invoked, "operation"), wording.Count(faults, "fault"))
	}
	return p
}

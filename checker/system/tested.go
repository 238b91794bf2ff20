package system

import (
	"fmt"

	"faultline/checker"
	"faultline/history/stats"
	"faultline/internal/wording"
)

// A run in which the store hardly answered, even while nothing was broken, has tested nothing: its
// history is short of anything that could be wrong. To count as a test, a run needs minServed
// operations served while the system was healthy, and minServedShare of those invoked then. The share
// is low on purpose: a store that is merely slow is tested, one that never elected a leader is not.
const (
	minServed      = 10
	minServedShare = 0.1
)

// Tested asks whether a run tested anything: it is valid if so and unknown otherwise, never invalid. If faults were wanted, at least one
// must have taken effect.
func Tested() checker.Checker {
	return question{checker.TestedPart, func(in checker.Input) checker.Part { return tested(in.Statistics, in.Faulty) }}
}

func tested(s stats.Statistics, faultsWanted bool) checker.Part {
	healthy := s.Phase(stats.Healthy)
	served := healthy.OK + healthy.Refused
	faults := s.FaultsInEffect()
	switch {
	case s.Operations() == 0:
		return nothing("no client invoked an operation")
	case served < minServed || healthy.Availability < minServedShare:
		return nothing(fmt.Sprintf("of %s invoked while the system was healthy only %s served",
			wording.Count(healthy.Invoked, "operation"), wording.Were(served)))
	case faultsWanted && faults == 0:
		return nothing("faults were wanted and none took effect")
	default:
		return valid(fmt.Sprintf("%s of %s were served while the system was healthy, and %s took effect",
			wording.Grouped(served), wording.Count(healthy.Invoked, "operation"), wording.Count(faults, "fault")))
	}
}

// nothing is the answer that a run tested nothing.
func nothing(why string) checker.Part {
	reason := "this tested nothing: " + why
	return checker.Part{Reason: reason, Findings: []checker.Finding{{Sentence: reason}}}
}

package system

import (
	"fmt"
	"slices"

	"faultline/checker"
)

// Invariants asks whether the cluster kept its own rules, which clients may be too few or too late to see broken. There is a finding
// for each rule that was broken, about the first time that it was.
func Invariants() checker.Checker { return question{checker.InvariantsPart, invariants} }

func invariants(in checker.Input) checker.Part {
	broken := in.Report.Violations
	if len(broken) == 0 {
		return valid("the cluster broke none of its own rules")
	}
	first := broken[0]
	p := checker.Part{Validity: checker.Invalid, Reason: fmt.Sprintf("%s is broken at %.3fs: %s", first.Rule, first.Time.Seconds(), first.Text)}
	for _, v := range broken {
		if !slices.ContainsFunc(p.Findings, func(f checker.Finding) bool { return f.Rule == v.Rule }) {
			p.Findings = append(p.Findings, checker.Finding{Rule: v.Rule, On: v.Node, Validity: checker.Invalid, Sentence: v.Text, At: v.Time})
		}
	}
	return p
}

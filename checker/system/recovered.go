package system

import (
	"fmt"
	"strings"

	"faultline/checker"
)

// Recovered asks whether the cluster served again after everything was healed. It is a violation if it did not, as all nodes ran and
// heard each other for a minute.
func Recovered() checker.Checker { return question{checker.RecoveredPart, recovered} }

func recovered(in checker.Input) checker.Part {
	if in.Served {
		return valid("the cluster served again after the faults")
	}
	return unlessRefused(in, violation(in.Settled, "never recovered: the cluster did not serve within a minute after everything was healed"))
}

// CaughtUp asks whether every node has what is committed. Nodes that run and hear each other must catch up before the next fault, which a
// majority without them may not survive.
func CaughtUp() checker.Checker { return question{checker.CaughtUpPart, caughtUp} }

func caughtUp(in checker.Input) checker.Part {
	if len(in.Behind) == 0 {
		return valid("every node has all that is committed")
	}
	p := violation(in.Settled, fmt.Sprintf("never caught up: %s had not applied what was committed, a minute after everything was healed",
		strings.Join(in.Behind, " and ")))
	p.Findings[0].On = strings.Join(in.Behind, ", ")
	return unlessRefused(in, p)
}

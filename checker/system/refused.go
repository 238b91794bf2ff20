package system

import (
	"fmt"

	"faultline/checker"
)

// unlessRefused is the answer that the cluster did not serve as it must, unless a node wanted to do what it cannot do in a world: then
// that may be why, and nobody knows what the store would have done elsewhere.
func unlessRefused(in checker.Input, p checker.Part) checker.Part {
	if in.Report == nil || len(in.Report.Refused) == 0 {
		return p
	}
	r := in.Report.Refused[0]
	return checker.Part{Reason: fmt.Sprintf("%s; perhaps only because %s cannot %s in a closed world, which it wanted to do at %.3fs",
		p.Reason, r.Node, r.What, r.Time.Seconds())}
}

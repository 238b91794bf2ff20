package audit

import (
	"fmt"
	"time"

	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/internal/audit/oracle"
)

// staleness asks package linear about bounded staleness, which the oracle has among the consistency models.
func (a *audit) staleness(s sample) {
	a.found(s, "bounded", boundedDiffers(s), boundedDiffers)
	a.found(s, "least bound", leastBoundDiffers(s), leastBoundDiffers)
	a.found(s, "freshest", freshestDiffers(s), freshestDiffers)
	a.found(s, "measures", measuresDiffer(s), measuresDiffer)
}

func boundedDiffers(s sample) string {
	h := s.asked()
	part := linear.Bounded(linear.CASRegister(), s.operations(), h.Staleness, s.bounds())
	switch want := oracle.BoundedStaleness(h); {
	case part.Validity == checker.Unknown && (s.silent() || !s.timed()):
		return ""
	case part.Validity == checker.Unknown:
		return "unknown: " + general(part.Reason)
	case want != oracle.Open && (part.Validity == checker.Valid) != (want == oracle.Yes):
		return fmt.Sprintf("%v, and the oracle says otherwise", part.Validity)
	}
	for _, f := range part.Findings {
		ops, d := involved(s, f)
		if d != "" {
			return d
		}
		if h.Operations = ops; oracle.BoundedStaleness(h) == oracle.Yes {
			return "the explanation is valid by itself"
		}
	}
	return ""
}

func leastBoundDiffers(s sample) string {
	h := s.asked()
	keeps := func(bound time.Duration) oracle.Answer {
		h.Staleness = bound
		return oracle.BoundedStaleness(h)
	}
	least, ok := linear.LeastStaleness(linear.CASRegister(), s.operations(), s.bounds())
	switch {
	case !ok && keeps(time.Hour) == oracle.Yes:
		return "no bound is said to do, and an hour does"
	case ok && keeps(least) == oracle.No:
		return "the least bound does not do"
	case ok && least > 0 && keeps(least-time.Millisecond) == oracle.Yes:
		return "a millisecond less than the least bound does"
	}
	return ""
}

// freshestDiffers says which smaller bound is not refuted than those that package ladder finds to be the least.
func freshestDiffers(s sample) string {
	bound := inLadder(s)["bounded-staleness"].Freshest
	if bound == nil {
		return ""
	}
	h := s.asked()
	if bound.Versions > 1 && oracle.KAtomic(h, bound.Versions-1) {
		return "fewer versions do"
	}
	h.Staleness = bound.Age - time.Millisecond
	if bound.Unbounded {
		h.Staleness = time.Hour
	}
	if h.Staleness >= 0 && oracle.BoundedStaleness(h) == oracle.Yes {
		return "a smaller age does"
	}
	return ""
}

// measuresDiffer says which violations are counted in a linearizable history.
func measuresDiffer(s sample) string {
	if len(s.invalidKeys()) > 0 {
		return ""
	}
	if v := ladder.Measure(s.operations()).Violations; v != (ladder.Violations{}) {
		return fmt.Sprintf("a linearizable history has violations %+v", v)
	}
	return ""
}

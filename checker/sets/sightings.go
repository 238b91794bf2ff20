package sets

import (
	"slices"

	"faultline/history"
)

// missed is, for each element, the place of the last of some reads that lacks it; -1 if all have it.
func (s *set) missed(reads []read) []int32 {
	missed := make([]int32, len(s.added))
	for e := range missed {
		missed[e] = int32(len(reads) - 1)
	}
	for i, r := range slices.Backward(reads) {
		s.Clock.Spend(len(r.has))
		for _, e := range r.has {
			if missed[e] == int32(i) {
				missed[e]--
			}
		}
	}
	return missed
}

// had is, for each element, whether one of some reads has it.
func (s *set) had(reads []read) []bool {
	had := make([]bool, len(s.added))
	for _, r := range reads {
		s.Clock.Spend(len(r.has))
		for _, e := range r.has {
			had[e] = true
		}
	}
	return had
}

// known is from where on each element is known: its add has returned, or a read that has it. By is that operation; nil if it never is.
func (s *set) known() (known []int32, by []*history.Operation) {
	known, by = make([]int32, len(s.added)), make([]*history.Operation, len(s.added))
	for e, a := range s.added {
		known[e], by[e] = a.acknowledged, a.by
	}
	for _, r := range s.reads {
		s.Clock.Spend(len(r.has))
		for _, e := range r.has {
			if r.Returned < known[e] {
				known[e], by[e] = r.Returned, r.Operation
			}
		}
	}
	return known, by
}

// final are the reads of the last phase of the test, and where that begins. It is false if the test says nothing of such a phase.
func (s *set) final() (reads []read, phase int32, ok bool) {
	for _, r := range s.reads {
		if s.Final(r.Operation) {
			reads = append(reads, r)
		}
	}
	phase, ok = s.LastPhase()
	return reads, phase, ok
}

package trial

import (
	"maps"
	"slices"
	"time"

	"faultline/cluster/report"
	"faultline/history"
	"faultline/results"
)

// Coverage counts the faults of the run by the state of the cluster in which each took effect.
func (run *Trial) Coverage() results.Coverage {
	return coverage(run.History.Faults(), run.Track, run.Groups)
}

// coverage counts faults, which are in the order in which they began. The track is in order of time. A fault meets the
// cluster as it was before the instant: what the fault itself does comes at that instant, or later. Where nobody was ever seen to lead
// it is not known who does, and no fault is said to have met a cluster without a leader. Each group of nodes has a leader of its own; if
// there are no groups all nodes are one.
func coverage(faults []history.Fault, track []report.Transition, groups [][]string) results.Coverage {
	var c results.Coverage
	leads := map[string]bool{}
	told := slices.ContainsFunc(track, func(t report.Transition) bool { return t.Role == "leader" })
	until := time.Duration(0) // when the last fault so far ends
	for i, f := range faults {
		for len(track) > 0 && track[0].Time < f.Begin {
			leads[track[0].Node] = track[0].Role == "leader"
			track = track[1:]
		}
		fewest, most := leaders(leads, groups)
		switch k := c.Kind(f.Kind); {
		case fewest == 0 && told:
			k.Electing++
		case most > 1:
			k.Contested++
		case f.Begin < until || duringAnother(faults[i:]):
			k.Hurt++
		default:
			k.Led++
		}
		until = max(until, f.End)
	}
	return c
}

// leaders are how many lead in the group where the fewest do, and in that where the most do.
func leaders(leads map[string]bool, groups [][]string) (fewest, most int) {
	if len(groups) == 0 {
		groups = [][]string{slices.Collect(maps.Keys(leads))}
	}
	for i, group := range groups {
		n := 0
		for _, node := range group {
			if leads[node] {
				n++
			}
		}
		if i == 0 || n < fewest {
			fewest = n
		}
		most = max(most, n)
	}
	return fewest, most
}

// duringAnother reports whether another fault that began at the same instant as the first was in effect.
func duringAnother(faults []history.Fault) bool {
	first := faults[0]
	for _, f := range faults[1:] {
		if f.Begin > first.Begin {
			return false
		}
		if f.End > first.Begin {
			return true
		}
	}
	return false
}

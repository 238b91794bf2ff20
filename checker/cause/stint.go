package cause

import (
	"cmp"
	"math"
	"slices"
	"time"

	"faultline/cluster/report"
)

// stint is a time during which a node had one role.
type stint struct {
	node, role string
	// term is that in which it began, and of a leader the one of the whole stint.
	term       uint64
	begin, end time.Duration
}

// The roles that matter here, as in report.Transition.
const (
	leader = "leader"
	down   = "down"
	paused = "paused"
)

// never is the end of what does not end.
const never = time.Duration(math.MaxInt64)

// stintsOf are the stints of all nodes, by their begin. Whoever hears of another term in the role that it has begins no other stint.
func stintsOf(track []report.Transition) []stint {
	track = slices.Clone(track)
	slices.SortStableFunc(track, func(a, b report.Transition) int { return cmp.Compare(a.Time, b.Time) })
	var stints []stint
	last := map[string]int{}
	for _, t := range track {
		if k, ok := last[t.Node]; ok {
			if stints[k].role == t.Role && (t.Role != leader || stints[k].term == t.Term) {
				continue
			}
			stints[k].end = t.Time
		}
		last[t.Node] = len(stints)
		stints = append(stints, stint{t.Node, t.Role, t.Term, t.Time, never})
	}
	return stints
}

func (s stint) leads() bool { return s.role == leader }

// touches reports whether a stint has a moment between two.
func (s stint) touches(from, to time.Duration) bool { return s.begin <= to && s.end >= from }

// roleOf is the role that a node had between two moments: leader if it led at all meanwhile, else the only one in which it could say
// anything. It is zero if there is no such role, or more than one.
func (r *record) roleOf(node string, from, to time.Duration) stint {
	var all []stint
	for _, s := range r.stints {
		if s.node == node && s.touches(from, to) && s.role != down && s.role != paused {
			all = append(all, s)
		}
	}
	for _, s := range slices.Backward(all) {
		if s.leads() || len(all) == 1 {
			return s
		}
	}
	return stint{}
}

// before finds the leader of the latest term before that of a leader.
func (r *record) before(of stint) (found stint, ok bool) {
	for _, s := range r.stints {
		if s.leads() && s.term < of.term && (!ok || s.term >= found.term) {
			found, ok = s, true
		}
	}
	return found, ok
}

// ledMeanwhile reports whether a node other than this one led between two moments.
func (r *record) ledMeanwhile(node string, from, to time.Duration) bool {
	return slices.ContainsFunc(r.stints, func(s stint) bool { return s.leads() && s.node != node && s.touches(from, to) })
}

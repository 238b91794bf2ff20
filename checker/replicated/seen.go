package replicated

import (
	"fmt"
	"maps"
	"slices"

	"faultline/checker"
	"faultline/cluster/logical"
	"faultline/history"
)

// visible are the updates that an answer sees, in the order of their stamps; nil if it claims one that nobody knows.
func (o *object) visible(a *answer) []*update {
	o.Clock.Spend(len(o.updates))
	sees := []*update{}
	for _, u := range o.updates {
		if a.Version.Includes(u.Dot) {
			sees = append(sees, u)
		}
	}
	if uint64(len(sees)) != size(a.Version) {
		return nil
	}
	slices.SortFunc(sees, func(u, v *update) int { return u.stamp.Compare(v.stamp) })
	return sees
}

func size(v logical.Vector) (sum uint64) {
	for _, n := range v {
		sum += n
	}
	return sum
}

// missing is the first update that one version has and another lacks; false if there is none.
func missing(have, lack logical.Vector) (logical.Dot, bool) {
	for _, actor := range slices.Sorted(maps.Keys(have)) {
		if lack[actor] < have[actor] {
			return logical.Dot{Node: actor, N: lack[actor] + 1}, true
		}
	}
	return logical.Dot{}, false
}

// called names an update by its name alone, if nobody asked for it.
func (o *object) called(dot logical.Dot) string {
	if u := o.byDot[dot]; u != nil {
		return u.String()
	}
	return dot.String()
}

// operation is that of an update; nil if nobody asked for it.
func (o *object) operation(dot logical.Dot) *history.Operation {
	if u := o.byDot[dot]; u != nil {
		return u.op
	}
	return nil
}

// unknown finds an answer that sees what it cannot have seen.
func (o *object) unknown() *checker.Finding {
	for _, a := range o.answers {
		if a.sees == nil {
			f := o.Found("known", fmt.Sprintf("%v has seen %v, which nobody asked for", a, o.nobodys(a)), a.op)
			return &f
		}
		for _, u := range a.sees {
			var anomaly, why string
			switch {
			case u.op.Outcome == history.Fail:
				anomaly, why = "failed update", "which failed"
			case u.op.Invoked > a.op.Returned:
				anomaly, why = "future update", "which was asked for later"
			default:
				continue
			}
			f := o.Found("known", fmt.Sprintf("%v has seen %v, %s", a, u, why), a.op, u.op)
			f.Anomaly = anomaly
			return &f
		}
	}
	return nil
}

// nobodys is the first update that an answer claims to have seen and nobody asked for.
func (o *object) nobodys(a *answer) logical.Dot {
	for _, actor := range slices.Sorted(maps.Keys(a.Version)) {
		for n := uint64(1); n <= a.Version[actor]; n++ {
			if dot := (logical.Dot{Node: actor, N: n}); o.byDot[dot] == nil {
				return dot
			}
		}
	}
	return logical.Dot{}
}

// forgetful finds an answer that lacks what its client had seen.
func (o *object) forgetful() *checker.Finding {
	for _, a := range o.answers {
		wanted := a.wanted
		if a.made != nil {
			wanted = a.wanted.Clone()
			wanted[a.made.Node] = max(wanted[a.made.Node], a.made.N)
		}
		if dot, lacks := missing(wanted, a.Version); lacks {
			f := o.Found("session", fmt.Sprintf("%v lacks %s, which its client had seen", a, o.called(dot)), a.op, o.operation(dot))
			if a.made != nil && dot == a.made.Dot {
				f.Sentence = fmt.Sprintf("%v lacks that update", a)
			}
			return &f
		}
	}
	return nil
}

// acausal finds an answer that sees an update without what that was made in view of.
func (o *object) acausal() *checker.Finding {
	for _, a := range o.answers {
		for _, u := range a.sees {
			if dot, lacks := missing(u.Context, a.Version); lacks {
				f := o.Found("causal", fmt.Sprintf("%v has seen %v, and not %s, in view of which that was made", a, u, o.called(dot)), a.op, u.op, o.operation(dot))
				return &f
			}
		}
	}
	return nil
}

// diverged finds a read of the last phase that lacks an update which had been acknowledged, or seen, before that phase began.
func (o *object) diverged() *checker.Finding {
	phase, ends := o.LastPhase()
	if !ends || o.finals == 0 {
		return nil
	}
	known := map[*update]*history.Operation{} // by what; the first that tells
	for _, a := range o.answers {
		for _, u := range a.sees {
			if known[u] == nil && a.op.Returned < phase {
				known[u] = a.op
			}
		}
		if a.made != nil && a.op.Returned < phase {
			known[a.made] = a.op
		}
	}
	for _, a := range o.answers {
		if !o.Final(a.op) || a.sees == nil {
			continue
		}
		for _, u := range o.updates {
			if by := known[u]; by != nil && !a.Version.Includes(u.Dot) {
				f := o.Found("converged", fmt.Sprintf("%v, after everything was healed, lacks %v, which %s", a, u, knownBy(u, by)), a.op, u.op, by)
				f.Anomaly = "lost update"
				return &f
			}
		}
	}
	return nil
}

// knownBy says how an update was known.
func knownBy(u *update, by *history.Operation) string {
	if by == u.op {
		return "was acknowledged"
	}
	return fmt.Sprintf("process %d's %s had seen", by.Process, by.F)
}

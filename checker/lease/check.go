package lease

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "lease"

// Checker asks whether leases live and end as they should.
func Checker() checker.Checker { return leases{} }

type leases struct{}

func (leases) Name() string { return Part }

func (leases) Check(_ context.Context, in checker.Input, _ checker.Options) checker.Part {
	part := checker.Part{Name: Part, Operations: len(in.Operations)}
	all, strange, err := lives(in.Operations)
	switch {
	case err != nil:
		part.Reason = err.Error()
		return part
	case len(all) == 0:
		part.Reason = "no lease was granted"
		return part
	}
	part.Objects = len(all)
	var broken, unknown []checker.Finding
	for _, op := range strange {
		broken = append(broken, finding("sound", "invented key", op.Key, fmt.Sprintf("process %d read %s = %v, which nobody has attached to a lease",
			op.Process, op.Key, op.Output), op))
	}
	for _, l := range all {
		broken = append(broken, l.judge()...)
		late, open := l.expires(in.Settled)
		broken, unknown = append(broken, late...), append(unknown, open...)
	}
	return part.Judged(append(broken, unknown...), fmt.Sprintf("%s lived and ended as they should", wording.Count(len(all), "lease")))
}

// judge finds what is wrong with a lease, the first of each kind.
func (l *life) judge() []checker.Finding {
	all := l.sound()
	if f := l.early(); f != nil {
		all = append(all, *f)
	}
	if f := l.undead(); f != nil {
		all = append(all, *f)
	}
	return all
}

// sound finds keys with what was not attached to them, or not yet, or in vain.
func (l *life) sound() []checker.Finding {
	var all []checker.Finding
	for _, k := range l.keys {
		for _, r := range k.reads {
			anomaly, why := "", ""
			switch {
			case !found(r):
				continue
			case !r.Output.Equal(k.value):
				anomaly, why = "invented value", fmt.Sprintf("to which process %d attached %v", k.op.Process, k.value)
			case k.op.Outcome == history.Fail:
				anomaly, why = "failed write", fmt.Sprintf("although process %d's attach of it had failed", k.op.Process)
			case r.Returned < k.op.Invoked:
				anomaly, why = "future read", fmt.Sprintf("before process %d attached it", k.op.Process)
			default:
				continue
			}
			all = append(all, finding("sound", anomaly, k.name, fmt.Sprintf("process %d read %s = %v, %s", r.Process, k.name, r.Output, why), k.op, r))
			break
		}
	}
	return all
}

// early finds a lease that had ended before its TTL had passed, and that nobody had revoked.
func (l *life) early() *checker.Finding {
	longest, until := l.promised()
	missing := l.missing()
	if longest == nil || len(missing) == 0 {
		return nil
	}
	first := slices.MinFunc(missing, byReturn)
	if first.op.Return >= until || l.revokedBy(first.op.Returned) {
		return nil
	}
	f := finding("kept", "expired early", l.on(), fmt.Sprintf("%s at %s, %s before the TTL of %s had passed since process %d's %s of %s, which was acknowledged",
		first.text, moment(first.op.Return), wording.Duration(until-first.op.Return), wording.Duration(ttl(longest)), longest.Process,
		longest.F, moment(longest.Invoke)), append(l.attaching(first.op), longest, first.op)...)
	return &f
}

// attaching is the attach of the key that an operation has read, if it is one.
func (l *life) attaching(read *history.Operation) []*history.Operation {
	for _, k := range l.keys {
		if k.name == read.Key && k.op != read {
			return []*history.Operation{k.op}
		}
	}
	return nil
}

// undead finds a lease that was alive after it had ended.
func (l *life) undead() *checker.Finding {
	alive, ended := l.alive(), l.ended()
	if len(alive) == 0 || len(ended) == 0 {
		return nil
	}
	first := slices.MinFunc(ended, byReturn)
	after := slices.DeleteFunc(alive, func(b bound) bool { return b.op.Invoked < first.op.Returned })
	if len(after) == 0 {
		return nil
	}
	next := slices.MinFunc(after, func(a, b bound) int { return cmp.Compare(a.op.Invoked, b.op.Invoked) })
	rule, anomaly, when := "gone", "came back", first.text
	if slices.ContainsFunc(l.revokes, func(op *history.Operation) bool { return op == first.op && op.Outcome == history.OK }) {
		rule, anomaly, when = "revoked", "undead lease", first.text+" had returned"
	}
	f := finding(rule, anomaly, l.on(), fmt.Sprintf("%s, %s after %s", next.text, wording.Duration(next.op.Invoke-first.op.Return), when),
		append(l.attaching(next.op), first.op, next.op)...)
	return &f
}

func byReturn(a, b bound) int { return cmp.Compare(a.op.Returned, b.op.Returned) }

// on names a lease by its key, or by its number if it has none or several.
func (l *life) on() string {
	if len(l.keys) == 1 {
		return l.keys[0].name
	}
	return fmt.Sprintf("lease %d", l.id)
}

// moment is a time of the test.
func moment(at time.Duration) string { return fmt.Sprintf("%.1f s", at.Seconds()) }

func finding(rule, anomaly, on, sentence string, shown ...*history.Operation) checker.Finding {
	f := checker.Finding{Rule: rule, Anomaly: anomaly, On: on, Validity: checker.Invalid, Sentence: sentence}
	var all []history.Operation
	for i, op := range shown {
		if op != nil && !slices.Contains(shown[:i], op) {
			all = append(all, *op)
		}
	}
	f.Show(all...)
	return f
}

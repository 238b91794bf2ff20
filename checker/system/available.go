package system

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/history/stats"
)

// Available asks whether clients never went without an acknowledged operation for longer than is allowed. It is asked only by
// users who know the faults: some leave no node that could serve.
func Available(allowed time.Duration) checker.Checker { return available{allowed} }

type available struct{ allowed time.Duration }

func (available) Name() string { return checker.AvailablePart }

func (a available) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	p := a.Begin(ctx, o)
	for _, op := range slices.SortedFunc(slices.Values(in.Operations), func(a, b history.Operation) int { return cmp.Compare(a.Return, b.Return) }) {
		p.Add(nil, &op)
	}
	return p.End(ctx, in, nil)
}

func (a available) Begin(context.Context, checker.Options) checker.Pass {
	return &outages{allowed: a.allowed}
}

// outages are the times without an acknowledgement that were longer than all before.
type outages struct {
	allowed time.Duration
	longer  []stats.Span
	last    time.Duration // when an operation was acknowledged
}

func (o *outages) Add(_ *history.Event, op *history.Operation) {
	if op != nil && op.Outcome == history.OK {
		o.until(op.Return)
	}
}

func (o *outages) until(at time.Duration) {
	if n := len(o.longer); at > o.last && (n == 0 || at-o.last > o.longer[n-1].End-o.longer[n-1].Begin) {
		o.longer = append(o.longer, stats.Span{Begin: o.last, End: at})
	}
	o.last = at
}

// longest is the longest one that begins before the faults are healed.
func (o *outages) longest(limit time.Duration) (longest stats.Span) {
	o.until(max(limit, o.last))
	for _, s := range o.longer {
		if s.Begin < limit {
			longest = s
		}
	}
	return longest
}

func (o *outages) End(_ context.Context, in checker.Input, _ []history.Operation) checker.Part {
	s := o.longest(in.TimeLimit)
	if s.End-s.Begin <= o.allowed {
		return named(checker.AvailablePart, valid("clients were served as steadily as was asked"))
	}
	return named(checker.AvailablePart, unlessRefused(in, violation(s.Begin+o.allowed, fmt.Sprintf("unavailable: no operation was acknowledged from %.3fs to %.3fs, and %v is the most that was allowed",
		s.Begin.Seconds(), s.End.Seconds(), o.allowed))))
}

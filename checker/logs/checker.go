package logs

import (
	"context"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/internal/cases"
	"faultline/checker/internal/intime"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "logs"

// Checker asks whether logs with producers and consumers keep what they acknowledged, once, and show it in order.
func Checker() checker.Checker { return partitions{} }

type partitions struct{}

func (partitions) Name() string { return Part }

func (p partitions) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, Part, func(clock *timebound.Clock) checker.Part { return p.judge(in, clock) })
}

func (partitions) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: Part, Operations: len(in.Operations)}
	l, err := read(in.Operations, clock)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	k, err := learn(l)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	part.Objects = len(l.names)
	k.lost()
	k.sound()
	k.ordered()
	polled, unseen := k.counts()
	found := k.findings()
	if polled == 0 && len(found) == 0 {
		part.Reason = "nobody polled anything, so the history says nothing of what is in the logs"
		return part
	}
	valid := fmt.Sprintf("%s of %s polled in order and once", wording.Count(polled, "record"), wording.Count(len(l.names), "log"))
	if unseen > 0 {
		valid += fmt.Sprintf("; %s acknowledged and polled by nobody, as nobody got so far", wording.Were(unseen))
	}
	return part.Judged(found, valid)
}

// counts are how many records were polled, and how many were acknowledged and not polled.
func (k *knowledge) counts() (polled, unseen int) {
	for i := range k.records {
		switch r := &k.records[i]; {
		case r.polled != none:
			polled++
		case r.sent != none && k.operations[r.sent].Outcome == history.OK:
			unseen++
		}
	}
	return polled, unseen
}

// gravity is the order in which rules are told.
var gravity = []string{
	"lost-write", "inconsistent-offsets", "duplicate", "unwritten", "G1a", "precommitted-read",
	"int-nonmonotonic-poll", "nonmonotonic-poll", "int-poll-skip", "poll-skip", "int-nonmonotonic-send", "nonmonotonic-send",
}

// broken notes that a rule is broken, and which operations show it.
func (k *knowledge) broken(rule string, log int32, shown []int32, format string, args ...any) {
	k.cases.Broken(rule, k.names[log], cases.Among(k.operations, shown), format, args...)
}

// findings are those of each rule, the gravest first.
func (k *knowledge) findings() []checker.Finding {
	found := k.cases.Findings()
	slices.SortFunc(found, func(a, b checker.Finding) int { return slices.Index(gravity, a.Rule) - slices.Index(gravity, b.Rule) })
	return found
}

package logs

import (
	"context"
	"fmt"
	"slices"

	"faultline/checker"
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
	if polled == 0 && len(k.findings.all) == 0 {
		part.Reason = "nobody polled anything, so the history says nothing of what is in the logs"
		return part
	}
	valid := fmt.Sprintf("%s of %s polled in order and once", wording.Count(polled, "record"), wording.Count(len(l.names), "log"))
	if unseen > 0 {
		valid += fmt.Sprintf("; %s acknowledged and polled by nobody, as nobody got so far", wording.Were(unseen))
	}
	return part.Judged(k.findings.list(k), valid)
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

// findings are the first case of each rule, and how many there are.
type findings struct{ all []*collected }

type collected struct {
	rule     string
	log      int32
	sentence string
	shown    []int32
	count    int
}

// gravity is the order in which rules are told.
var gravity = []string{
	"lost-write", "inconsistent-offsets", "duplicate", "unwritten", "G1a", "precommitted-read",
	"int-nonmonotonic-poll", "nonmonotonic-poll", "int-poll-skip", "poll-skip", "int-nonmonotonic-send", "nonmonotonic-send",
}

// broken notes that a rule is broken, and which operations show it.
func (k *knowledge) broken(rule string, log int32, shown []int32, format string, args ...any) {
	i := slices.IndexFunc(k.findings.all, func(c *collected) bool { return c.rule == rule })
	if i < 0 {
		i = len(k.findings.all)
		k.findings.all = append(k.findings.all, &collected{rule: rule, log: log, shown: shown, sentence: fmt.Sprintf(format, args...)})
	}
	k.findings.all[i].count++
}

// list are the findings, the gravest first.
func (f *findings) list(k *knowledge) []checker.Finding {
	slices.SortFunc(f.all, func(a, b *collected) int { return slices.Index(gravity, a.rule) - slices.Index(gravity, b.rule) })
	var all []checker.Finding
	for _, c := range f.all {
		found := checker.Finding{Rule: c.rule, On: k.names[c.log], Validity: checker.Invalid, Sentence: c.sentence + wording.MoreLikeIt(c.count)}
		var ops []history.Operation
		slices.Sort(c.shown)
		for _, i := range slices.Compact(c.shown) {
			if i != none {
				ops = append(ops, k.operations[i])
			}
		}
		found.Show(ops...)
		all = append(all, found)
	}
	return all
}

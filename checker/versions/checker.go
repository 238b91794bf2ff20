package versions

import (
	"context"
	"fmt"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "versioned register"

// Checker asks whether registers with versions are linearizable.
func Checker() checker.Checker { return registers{} }

type registers struct{}

func (registers) Name() string { return Part }

func (registers) Check(_ context.Context, in checker.Input, o checker.Options) checker.Part {
	part := checker.Part{Name: Part, Operations: len(in.Operations)}
	all, told, err := split(in.Operations)
	switch {
	case err != nil:
		part.Reason = err.Error()
		return part
	case told == 0:
		part.Reason = "no operation tells a version, so the history says nothing"
		return part
	}
	part.Objects = len(all)
	clock := timebound.New(o.WithDefaults().Timeout).Until(o.Done)
	var findings []checker.Finding
	for _, r := range all {
		var f *checker.Finding
		if !clock.Within(func() { f = r.judge(clock) }) {
			f = &checker.Finding{Rule: "one-writer", On: r.name, Bound: checker.TimeBound, Sentence: "the time was up"}
		}
		if f != nil {
			findings = append(findings, *f)
		}
	}
	return part.Judged(findings, fmt.Sprintf("%s on %s keep to their versions", wording.Count(told, "operation"), wording.Count(len(all), "key")))
}

// split takes a history apart by key, and counts what tells a version.
func split(operations []history.Operation) (all []*register, told int, err error) {
	byName := map[string]*register{}
	for i := range operations {
		a, says, err := read(&operations[i])
		if err != nil {
			return nil, 0, err
		}
		if !says {
			continue
		}
		r := byName[a.op.Key]
		if r == nil {
			r = &register{name: a.op.Key}
			byName[a.op.Key] = r
			all = append(all, r)
		}
		if a.version == untold {
			r.pending = append(r.pending, a)
			continue
		}
		told++
		r.acts = append(r.acts, a)
	}
	return all, told, nil
}

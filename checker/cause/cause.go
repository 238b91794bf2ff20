// Package cause says what in a system led to a finding, in one sentence: which node answered, from which index of the log, whether it led
// or was deposed, what it had not applied, which fault was in effect.
//
// It guarantees that each clause of a sentence is a fact of the record, and that it says nothing where the record does not tell: it
// never guesses. A cause is for people. It is no part of a verdict, and rests on what the system claims about itself, such as the
// indices of its log.
//
// It knows no system by name. Its caller owes it a report whose roles are those of report.Transition, and log indices of operations that
// count the same entries as report.Progress; where they are missing there is less to say.
package cause

import (
	"cmp"
	"slices"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
)

// Wanted reports whether there is a finding that has a cause if the record shows one: Fill needs the operations for that.
func Wanted(parts []checker.Part) bool {
	return slices.ContainsFunc(parts, func(p checker.Part) bool { return slices.ContainsFunc(p.Findings, shown) })
}

func shown(f checker.Finding) bool { return f.Validity == checker.Invalid && len(f.Operations) > 0 }

// Fill sets the cause of each finding that operations show.
func Fill(in checker.Input, parts []checker.Part) {
	if in.Report == nil || !Wanted(parts) {
		return
	}
	r := read(in)
	for i := range parts {
		for j := range parts[i].Findings {
			if f := &parts[i].Findings[j]; shown(*f) {
				f.Cause = r.cause(f)
			}
		}
	}
}

// record is what is known of a run.
type record struct {
	operations []history.Operation // in order of invocation
	faults     []history.Fault     // in order of their begin
	stints     []stint
	term       func(uint64) string // names a term in the system's words
	progress   []report.Progress   // in order of time
}

func read(in checker.Input) *record {
	return &record{operations: in.Operations, faults: in.Faults, stints: stintsOf(in.Report.Track), term: in.Report.Term,
		progress: in.Report.Progress}
}

// cause is the sentence about a finding; empty if there is nothing to say.
func (r *record) cause(f *checker.Finding) string {
	shown := r.shown(f)
	answers := r.answers(shown)
	c, found := wentBack(answers)
	if !found && misses[f.Anomaly] {
		c, found = unseen(answers)
	}
	switch {
	case found:
		return r.causeOf(c, shown)
	case f.Anomaly == lostUpdate:
		return r.bothTook(answers)
	case f.Anomaly == thinAir && len(answers) == 1:
		return r.refused(answers[0])
	}
	return ""
}

// causeOf is the first that the record shows of what can bring about a clash.
func (r *record) causeOf(c clash, shown []*history.Operation) string {
	if _, deposed := r.deposed(c); deposed {
		return r.told(c)
	}
	return cmp.Or(r.twoLed(c), r.unacknowledged(c, shown), r.lost(c), r.told(c))
}

// shown are the operations of a finding, in order of invocation.
func (r *record) shown(f *checker.Finding) []*history.Operation {
	var all []*history.Operation
	for _, involved := range f.Operations {
		i, found := slices.BinarySearchFunc(r.operations, int32(involved.Invoked), func(op history.Operation, at int32) int { return cmp.Compare(op.Invoked, at) })
		if found {
			all = append(all, &r.operations[i])
		}
	}
	slices.SortFunc(all, func(a, b *history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return all
}

// answer is an operation that a node answered.
type answer struct {
	*history.Operation
	by stint // of the node; zero if it is not known
}

// answers are the operations that returned from a node that is known.
func (r *record) answers(shown []*history.Operation) []answer {
	var all []answer
	for _, op := range shown {
		if op.Outcome != history.Info && op.Node() != "" {
			all = append(all, answer{op, r.roleOf(op.Node(), op.Invoke, op.Return)})
		}
	}
	return all
}

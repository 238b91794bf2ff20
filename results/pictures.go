package results

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/wording"
)

// Ordered says how a part of a verdict was decided, if it was by ordering the operations of each key: by which model, and how old what
// reads see may be, which stands in the spec.
func Ordered(p checker.Part, spec json.RawMessage) (m linear.Model, staleness time.Duration, ok bool) {
	if p.Name != checker.LinearizablePart && p.Name != checker.StalenessPart {
		return m, 0, false
	}
	m, err := linear.ModelByName(p.Model)
	if err == nil {
		m, err = beginning(m, spec)
	}
	if p.Name == checker.StalenessPart {
		var s struct {
			Options struct {
				Staleness time.Duration `json:"staleness"`
			} `json:"workload_options"`
		}
		_ = json.Unmarshal(spec, &s) // a spec that cannot be read does not say
		staleness = s.Options.Staleness
	}
	return m, staleness, err == nil
}

// beginning is the model with what objects held at first, which stands in the spec of a checked history.
func beginning(m linear.Model, spec json.RawMessage) (linear.Model, error) {
	var s struct {
		Initial string `json:"initial"`
	}
	if json.Unmarshal(spec, &s) != nil || s.Initial == "" {
		return m, nil
	}
	initial, err := checker.ParseInitial(s.Initial)
	if err != nil {
		return m, err
	}
	return m.Beginning(initial)
}

// Counterexamples are what shows that keys of the run are invalid, to be drawn.
func (r *Run) Counterexamples(o checker.Options) ([]linear.Counterexample, error) {
	var examples []linear.Counterexample
	var onObjects []history.Operation
	for _, p := range r.Verdict.Parts {
		m, staleness, ok := Ordered(p, r.Spec)
		if !ok || !slices.ContainsFunc(p.Findings, func(f checker.Finding) bool { return f.Validity == checker.Invalid }) {
			continue
		}
		if onObjects == nil {
			all, err := r.History.AllOperations()
			if err != nil {
				return nil, err
			}
			onObjects = ops.OnObjects(all)
		}
		examples = append(examples, linear.Counterexamples(m, onObjects, p, staleness, o)...)
	}
	return examples, nil
}

// WritePicture writes porcupine's page of a counterexample of a run, with the faults below the operations.
func WritePicture(w io.Writer, r *Run, example *linear.Counterexample) error {
	marks, err := faultMarks(r.History)
	if err != nil {
		return err
	}
	return example.Visualize(w, marks)
}

// faultMarks are the faults for a counterexample's picture, whose time is the position in the history. Those that one action brought about
// are one mark, which names all that they befell.
func faultMarks(h *history.Tape) ([]linear.Mark, error) {
	times := make([]time.Duration, 0, h.Len())
	for e, err := range h.All() {
		if err != nil {
			return nil, err
		}
		times = append(times, e.Time)
	}
	at := func(t time.Duration) int {
		k, _ := slices.BinarySearch(times, t)
		return k
	}
	var marks []linear.Mark
	for _, group := range together(h.Faults()) {
		first, end := group[0], time.Duration(0)
		var subjects []string
		for _, f := range group {
			subjects, end = append(subjects, f.Subject), max(end, f.End)
		}
		what := strings.Join(subjects, ", ") + " " + first.Detail
		marks = append(marks, linear.Mark{
			Track:  wording.Line(first.Kind, 20),
			Label:  wording.Line(what, 60),
			Detail: wording.Line(first.Kind+" "+what, longestText) + ", " + clock(first.Begin) + " to " + clock(end),
			Begin:  at(first.Begin),
			End:    at(end),
		})
	}
	return marks, nil
}

// together groups faults of one kind that began at one moment in one way, in the order of the first of each.
func together(faults []history.Fault) [][]history.Fault {
	type action struct {
		kind, detail string
		begin        time.Duration
	}
	place := map[action]int{}
	var groups [][]history.Fault
	for _, f := range faults {
		a := action{f.Kind, f.Detail, f.Begin}
		i, ok := place[a]
		if !ok {
			i = len(groups)
			place[a] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

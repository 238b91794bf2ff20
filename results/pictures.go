package results

import (
	"encoding/json"
	"io"
	"sort"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
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

// Counterexamples are what shows that keys of the run are invalid, to be drawn.
func (r *Run) Counterexamples(o checker.Options) ([]linear.Counterexample, error) {
	ops, err := history.Operations(r.History.Events)
	if err != nil {
		return nil, err
	}
	return r.counterexamples(ops, o), nil
}

func (r *Run) counterexamples(ops []history.Operation, o checker.Options) []linear.Counterexample {
	var all []linear.Counterexample
	for _, p := range r.Verdict.Parts {
		if m, staleness, ok := Ordered(p, r.Spec); ok {
			all = append(all, linear.Counterexamples(m, ops, p, staleness, o)...)
		}
	}
	return all
}

// WritePicture writes porcupine's page of a counterexample of a run, with the faults below the operations.
func WritePicture(w io.Writer, r *Run, example *linear.Counterexample) error {
	events := r.History.Events
	return example.Visualize(w, faultMarks(events, history.Faults(events)))
}

// faultMarks are the faults for a counterexample's picture, whose time is the position in the history.
func faultMarks(events []history.Event, faults []history.Fault) []linear.Mark {
	marks := make([]linear.Mark, len(faults))
	for i, f := range faults {
		marks[i] = linear.Mark{
			Track:  wording.Line(f.Kind, 20),
			Label:  wording.Line(f.Subject+" "+f.Detail, 60),
			Detail: wording.Line(f.Kind+" "+f.Subject+" "+f.Detail, longestText) + ", " + clock(f.Begin) + " to " + clock(f.End),
			Begin:  sort.Search(len(events), func(k int) bool { return events[k].Time >= f.Begin }),
			End:    sort.Search(len(events), func(k int) bool { return events[k].Time >= f.End }),
		}
	}
	return marks
}

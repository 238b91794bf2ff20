package results

import (
	"io"
	"sort"

	"faultline/checker/linear"
	"faultline/history"
	"faultline/internal/wording"
)

// WritePicture writes porcupine's page of a counterexample of a run, with the faults beside the operations.
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

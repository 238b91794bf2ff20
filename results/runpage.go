package results

import (
	"fmt"
	"io"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
)

// runPage writes the page of a run.
func runPage(w io.Writer, r *Run, faults []history.Fault) error {
	return execute(w, "run.html", runView{
		Run:     r,
		Title:   fmt.Sprintf("Run of seed %d", r.Seed),
		Header:  r.History.Header,
		Digest:  r.History.Digest(),
		Started: r.Started.UTC().Format(time.RFC3339),
		Spec:    settings(r.Spec),
		Keys:    keyViews(r),
		Faults:  faults,
		Logs:    logViews(r.Logs),
	})
}

// runView is what the template of a run sees: the run, and some of it in another form.
type runView struct {
	*Run
	Title   string
	Header  history.Header
	Digest  string
	Started string
	Spec    []Setting
	Keys    []keyView
	Faults  []history.Fault
	Logs    []logView
}

type keyView struct {
	checker.KeyVerdict
	Picture string // the path of its picture, if there is one
}

type logView struct{ Node, Path string }

func keyViews(r *Run) []keyView {
	pictures := map[string]string{}
	for _, example := range r.Counterexamples {
		pictures[example.Key] = picturePath(example.Key)
	}
	var views []keyView
	for _, part := range r.Verdict.Parts {
		for _, key := range part.NotValid {
			views = append(views, keyView{KeyVerdict: key, Picture: pictures[key.Key]})
		}
	}
	return views
}

func logViews(logs []report.NodeLog) []logView {
	var views []logView
	for _, log := range logs {
		views = append(views, logView{Node: log.Node, Path: logPath(log.Node)})
	}
	return views
}

package results

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/results/cycle"
)

// runPage writes the page of a run.
func runPage(w io.Writer, r *Run, faults []history.Fault) error {
	return execute(w, "run.html", runView{
		Run:      r,
		Title:    title(r.File, r.Seed),
		Header:   r.History.Header,
		Digest:   r.HistoryDigest(),
		Started:  r.Started.UTC().Format(time.RFC3339),
		Spec:     Settings(r.Spec),
		Findings: findingViews(r),
		Faults:   faults,
		Logs:     logViews(r.Logs),
	})
}

// title is what a run is called.
func title(file string, seed uint64) string {
	if file != "" {
		return "History " + filepath.Base(file)
	}
	return fmt.Sprintf("Run of seed %d", seed)
}

// runView is what the template of a run sees: the run, and some of it in another form.
type runView struct {
	*Run
	Title    string
	Header   history.Header
	Digest   string
	Started  string
	Spec     []Setting
	Findings []findingView
	Faults   []history.Fault
	Logs     []logView
}

type findingView struct {
	checker.Finding
	Picture string         // the path of its picture, if there is one
	Steps   []string       // in words
	Cycle   *cycle.Drawing // of the steps, if there are any
}

type logView struct{ Node, Path string }

func findingViews(r *Run) []findingView {
	var views []findingView
	for _, p := range r.Verdict.Parts {
		_, _, drawn := Ordered(p, r.Spec)
		for _, f := range p.Findings {
			view := findingView{Finding: f, Steps: cycle.Sentences(&f)}
			if drawn && f.Validity == checker.Invalid {
				view.Picture = picturePath(f.On)
			}
			if d, ok := cycle.Draw(&f); ok {
				view.Cycle = &d
			}
			views = append(views, view)
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

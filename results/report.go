package results

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"faultline/checker"
	"faultline/cluster/report"
)

const reportFile = "report.json"

// ending is report.json: what a verdict is made of that has no file of its own.
type ending struct {
	checker.Ending
	Violations []report.Violation `json:"violations"`
	Quorum     []report.Quorum    `json:"quorum"`
	Untraced   int64              `json:"untraced"`
	TermNoun   string             `json:"term_noun,omitempty"` // empty in what earlier versions stored
	Refused    []report.Refusal   `json:"refused,omitempty"`
	Groups     [][]string         `json:"groups,omitempty"`
	InDoubt    []report.InDoubt   `json:"in_doubt,omitempty"`
}

func (r *Run) report() ending {
	return ending{r.Ending, r.Violations, r.Quorum, r.Untraced, r.TermNoun, r.Refused, r.Groups, r.InDoubt}
}

// readReport reads report.json back. It is missing from what earlier versions kept, and where the world crashed.
func (r *Run) readReport(dir string) error {
	var e ending
	path := filepath.Join(dir, reportFile)
	err := readJSON(path, &e)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && e.Virtual == 0:
		return fmt.Errorf("%s: it does not say how the run ended", path)
	}
	r.Ending, r.Violations, r.Quorum, r.Untraced, r.TermNoun = e.Ending, e.Violations, e.Quorum, e.Untraced, e.TermNoun
	r.Refused, r.Groups, r.InDoubt = e.Refused, e.Groups, e.InDoubt
	return err
}

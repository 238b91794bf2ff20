package results

import (
	"errors"
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
}

func (r *Run) report() ending {
	return ending{r.Ending, r.Violations, r.Quorum, r.Untraced}
}

// readReport reads report.json back. It is missing from what earlier versions kept, and where the world crashed.
func (r *Run) readReport(dir string) error {
	var e ending
	err := readJSON(filepath.Join(dir, reportFile), &e)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	r.Ending, r.Violations, r.Quorum, r.Untraced = e.Ending, e.Violations, e.Quorum, e.Untraced
	return err
}

package world

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"faultline/cluster/report"
	"faultline/history"
)

// output is a Result on its way to the parent, but for its history, which has a file of its own.
type output struct {
	Report   report.Report
	Resolved string
	Virtual  time.Duration
	Served   bool
	Behind   []string
	Settled  time.Duration
}

func (r *Result) write(dir string) error {
	f, err := os.Create(filepath.Join(dir, historyFile))
	if err != nil {
		return err
	}
	if _, err := r.History.WriteTo(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	b, err := json.Marshal(output{r.Report, r.Resolved, r.Virtual, r.Served, r.Behind, r.Settled})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, outputFile), b, 0o600)
}

func readResult(dir string) (*Result, error) {
	b, err := os.ReadFile(filepath.Join(dir, outputFile))
	if err != nil {
		return nil, err
	}
	var o output
	if err := json.Unmarshal(b, &o); err != nil {
		return nil, fmt.Errorf("%s: %w", outputFile, err)
	}
	f, err := os.Open(filepath.Join(dir, historyFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := history.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", historyFile, err)
	}
	return &Result{History: h, Report: o.Report, Resolved: o.Resolved, Virtual: o.Virtual, Served: o.Served, Behind: o.Behind, Settled: o.Settled}, nil
}

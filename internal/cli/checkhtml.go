package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"faultline/history/stats"
	"faultline/recorded"
	"faultline/results"
	"faultline/results/viewer"
)

// writeHTML writes the pages about a checked file into a directory: its verdict, its plots, and the viewer with it.
func (f *checkFlags) writeHTML(cmd *cobra.Command, file string, r *recorded.Result) error {
	run := &results.Run{
		File: r.File, Untimed: !r.Timed, Spec: f.asSpec(r), History: r.History, Verdict: r.Verdict, Statistics: measured(r),
		Replay: commandAgain(cmd, []string{file}),
	}
	return results.WriteChecked(f.html, run, func(w io.Writer, fsys fs.FS) error {
		return viewer.WritePage(w, fsys, "Faultline: "+r.File)
	})
}

// asSpec says how a file was checked, as the spec of a run says what was run.
func (f *checkFlags) asSpec(r *recorded.Result) json.RawMessage {
	var models []string
	for _, m := range r.Consistency {
		models = append(models, m.Model)
	}
	spec, _ := json.Marshal(struct { // texts, which can be written
		File        string `json:"file"`
		Format      string `json:"format"`
		Model       string `json:"model"`
		Guessed     string `json:"guessed_as,omitempty"`
		Options     string `json:"model_options,omitempty"`
		Initial     string `json:"initial,omitempty"`
		Consistency string `json:"consistency_models,omitempty"`
		Judged      string `json:"judged,omitempty"`
		Unjudged    string `json:"not_judged,omitempty"`
		Warnings    string `json:"warnings,omitempty"`
	}{r.File, r.Format, r.Model, r.Guessed, strings.Join(f.options, ", "), f.initial, strings.Join(models, ", "), r.Judged, r.Unjudged, strings.Join(r.Warnings, "; ")})
	return spec
}

// measured are the statistics of a checked file. Of when there were faults most files tell nothing.
func measured(r *recorded.Result) stats.Statistics {
	s := stats.Statistics{Runs: 1, Functions: r.Functions, Duration: r.History.End()}
	if !r.Timed {
		s.Functions = nil
		for _, f := range r.Functions {
			f.Latency = stats.Latency{}
			s.Functions = append(s.Functions, f)
		}
	}
	return s
}

// onlyOne refuses several files where there is one directory for what comes of them.
func (f *checkFlags) onlyOne(files []string) error {
	if f.html != "" && len(files) > 1 {
		return fmt.Errorf("--html %s takes what comes of one file, and there are %d", f.html, len(files))
	}
	return nil
}

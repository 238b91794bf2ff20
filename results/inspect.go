package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
)

// RunInfo is the part of a stored run that is short, without its history: what lists of runs show.
type RunInfo struct {
	File       string // see Run.File
	Untimed    bool   // see Run.Untimed
	Seed       uint64
	Started    time.Time
	Replay     string // the command that runs it again
	Digest     string // that the history should have
	Spec       json.RawMessage
	Verdict    checker.Verdict
	Statistics stats.Statistics
	Counters   []report.Counter
	Logs       []string // node names, in order; LogPath is where their logs are

	ScheduleEdited bool // the schedule is not the one that the verdict is about
}

// Title is what the run is called.
func (r *RunInfo) Title() string { return title(r.File, r.Seed) }

// LogPath is where the log of a node is in a run's directory, with slashes.
func LogPath(node string) string { return logPath(node) }

// Inspect reads the short part of the run in a file system's root. It finds files that are missing or damaged. It does not
// look into histories and logs.
func Inspect(fsys fs.FS) (*RunInfo, error) {
	var rec record
	if err := decodeJSON(fsys, "verdict.json", &rec); err != nil {
		return nil, err
	}
	s := &RunInfo{File: rec.File, Untimed: rec.Untimed, Seed: rec.Seed, Started: rec.Started, Replay: rec.Replay, Digest: rec.Digest, Verdict: rec.Verdict,
		Statistics: rec.Statistics, Counters: rec.Counters, Logs: rec.Nodes}
	if err := decodeJSON(fsys, "spec.json", &s.Spec); err != nil {
		return nil, err
	}
	schedule, err := fs.ReadFile(fsys, "schedule.txt")
	if err != nil {
		return nil, missing("schedule.txt", err)
	}
	s.ScheduleEdited = scheduleHash(string(schedule)) != rec.ScheduleSHA256
	for _, name := range append([]string{"history.jsonl", "track.json"}, logPaths(rec.Nodes)...) {
		if info, err := fs.Stat(fsys, name); err != nil {
			return nil, missing(name, err)
		} else if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a regular file", name)
		}
	}
	return s, nil
}

func logPaths(nodes []string) []string {
	var paths []string
	for _, node := range nodes {
		paths = append(paths, logPath(node))
	}
	return paths
}

// decodeJSON reads a file that holds one value. Its errors name the file and, if it is damaged, the line.
func decodeJSON(fsys fs.FS, name string, v any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return missing(name, err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s:%d: %w", name, errorLine(b, err), err)
	}
	return nil
}

func missing(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing: %w", name, fs.ErrNotExist)
	}
	return err
}

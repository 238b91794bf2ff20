package results

import (
	"fmt"
	"os"
	"path/filepath"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history"
)

// ReadRun reads a run back. It refuses a directory from which something is missing, or whose history is
// not the one that the verdict is about; the error names the file, and the line where there is one.
func ReadRun(dir string) (*Run, error) {
	r, err := readRun(dir)
	if err != nil {
		return nil, fmt.Errorf("the run cannot be read: %w", err)
	}
	return r, nil
}

func readRun(dir string) (*Run, error) {
	var rec record
	if err := readJSON(filepath.Join(dir, "verdict.json"), &rec); err != nil {
		return nil, err
	}
	r := &Run{
		File: rec.File, Untimed: rec.Untimed, Seed: rec.Seed, Started: rec.Started, Replay: rec.Replay, Digest: rec.Digest, Reports: rec.Format >= 2,
		Verdict: rec.Verdict, Statistics: rec.Statistics, Report: report.Report{Counters: rec.Counters},
	}
	if err := r.readHistory(filepath.Join(dir, "history.jsonl")); err != nil {
		return nil, err
	}
	if err := readJSON(filepath.Join(dir, "spec.json"), &r.Spec); err != nil {
		return nil, err
	}
	if err := readJSON(filepath.Join(dir, "track.json"), &r.Track); err != nil {
		return nil, err
	}
	var err error
	if r.Progress, err = readProgress(dir); err != nil {
		return nil, err
	}
	if err := r.readReport(dir); err != nil {
		return nil, err
	}
	schedule, err := readFile(filepath.Join(dir, "schedule.txt"))
	if err != nil {
		return nil, err
	}
	r.Schedule = string(schedule)
	r.ScheduleEdited = scheduleHash(r.Schedule) != rec.ScheduleSHA256
	for _, node := range rec.Nodes {
		log, err := readFile(filepath.Join(dir, logPath(node)))
		if err != nil {
			return nil, err
		}
		r.Logs = append(r.Logs, report.NodeLog{Node: node, Text: log})
	}
	return r, nil
}

// ReadVerdict reads no more than the verdict of a run.
func ReadVerdict(dir string) (checker.Verdict, error) {
	var rec record
	err := readJSON(filepath.Join(dir, "verdict.json"), &rec)
	return rec.Verdict, err
}

func (r *Run) readHistory(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err)
	}
	defer f.Close()
	if r.History, err = history.ReadTape(f); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if digest := r.History.Digest(); digest != r.Digest {
		return fmt.Errorf("%s: its digest %.12s… is not the %.12s… that verdict.json is about", path, digest, r.Digest)
	}
	return nil
}

func readFile(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	return b, nil
}

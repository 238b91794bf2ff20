package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"faultline/checker"
	"faultline/world"
)

// ErrNotJudgeable means that not all that a verdict is made of was stored with a run.
var ErrNotJudgeable = errors.New("the run cannot be judged again, as an earlier version did not store how it ended; run its seed again")

// Judge comes to a verdict about the stored run once more, by nothing but its files. Of a world that crashed nothing is known but that.
func (s *Stored) Judge(ctx context.Context, o checker.Options) (checker.Verdict, error) {
	switch {
	case crashed(s.run.History):
		return s.run.Verdict, nil
	case s.run.Ending.Virtual == 0:
		return checker.Verdict{}, fmt.Errorf("%s: %w", s.dir, ErrNotJudgeable)
	}
	v, _, err := judge(ctx, s.in, &world.Result{History: s.run.History, Report: s.run.Report, Ending: s.run.Ending}, o)
	return v, err
}

// Verdict is the one that was stored with the run.
func (s *Stored) Verdict() checker.Verdict { return s.run.Verdict }

// StoredRuns are the directories of runs that one stands for: itself or, if it is that of a campaign, those of its runs that were kept, in
// the order of its record.
func StoredRuns(dir string) ([]string, error) {
	path := filepath.Join(dir, recordFile)
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []string{dir}, nil
	case err != nil:
		return nil, err
	}
	lines, err := parseLines(path, b[:bytes.LastIndexByte(b, '\n')+1]) // without a line that is being written
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, l := range lines {
		if l.Dir != "" {
			dirs = append(dirs, filepath.Join(dir, l.Dir))
		}
	}
	if len(dirs) == 0 {
		return nil, fmt.Errorf("no run of the campaign %s was kept", dir)
	}
	return dirs, nil
}

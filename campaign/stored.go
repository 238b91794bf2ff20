package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"faultline/results"
)

// StoredRuns are the directories of runs that one stands for: itself or, if it is that of a campaign, those of its runs that were kept, in
// the order of its record.
func StoredRuns(dir string) ([]string, error) {
	path := filepath.Join(dir, recordFile)
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []string{dir}, results.CheckRun(dir)
	case err != nil:
		return nil, err
	}
	lines, err := results.ParseLines(path, b[:bytes.LastIndexByte(b, '\n')+1]) // without a line that is being written
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

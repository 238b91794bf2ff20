package world

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"faultline/cluster/report"
	"faultline/history"
)

// write puts the result where the parent finds it, next to the history. How far the nodes were goes apart, as of hours it is a hundred times the rest:
// neither side has its text in memory.
func (r *Result) write(dir string) error {
	rest := *r
	rest.Report.Progress = nil
	b, err := json.Marshal(&rest)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, outputFile), b, 0o600); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, nodesFile))
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	lines := json.NewEncoder(w)
	for i := range r.Report.Progress {
		if err := lines.Encode(&r.Report.Progress[i]); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func readResult(dir string) (*Result, error) {
	b, err := os.ReadFile(filepath.Join(dir, outputFile))
	if err != nil {
		return nil, err
	}
	r := &Result{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", outputFile, err)
	}
	if r.Report.Progress, err = readProgress(filepath.Join(dir, nodesFile)); err != nil {
		return nil, fmt.Errorf("%s: %w", nodesFile, err)
	}
	if r.History, err = readHistory(filepath.Join(dir, historyFile)); err != nil {
		return nil, fmt.Errorf("%s: %w", historyFile, err)
	}
	r.Turns, err = os.ReadFile(filepath.Join(dir, turnsFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return r, err
}

func readProgress(path string) (all []report.Progress, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := json.NewDecoder(f); ; {
		var p report.Progress
		if err := lines.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

func readHistory(path string) (*history.Tape, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return history.TakeOver(f)
}

package world

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"faultline/history"
)

// write puts the result where the parent finds it, next to the history.
func (r *Result) write(dir string) error {
	b, err := json.Marshal(r)
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
	r := &Result{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("%s: %w", outputFile, err)
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

func readHistory(path string) (*history.Tape, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return history.TakeOver(f)
}

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

// write puts the result where the parent finds it.
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
	f, err := os.Open(filepath.Join(dir, historyFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if r.History, err = history.Read(f); err != nil {
		return nil, fmt.Errorf("%s: %w", historyFile, err)
	}
	r.Turns, err = os.ReadFile(filepath.Join(dir, turnsFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return r, err
}

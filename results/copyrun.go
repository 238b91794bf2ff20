package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// CopyRun stores a copy of the run in a directory, and returns the name of its own. A run that was removed meanwhile has none.
func (c *Campaign) CopyRun(from string) (name string, err error) {
	if !exists(from) {
		return "", nil
	}
	s, err := stage(c.Dir())
	if err != nil {
		return "", hint(err)
	}
	defer func() { err = errors.Join(err, s.discard()) }()
	if err := s.copyAll(from); err != nil {
		return "", hint(err)
	}
	return s.publish(filepath.Base(from))
}

// copyAll copies all files below a directory.
func (s *staging) copyAll(from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is not a file", path)
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return s.write(name, func(w io.Writer) error { return appendFile(w, path) })
	})
}

// appendFile writes what is in a file.
func appendFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteChecked keeps what came of a history that was recorded elsewhere in a directory, as a run is kept: with Run.File, and without what
// only a run has. Viewer writes the page of the directory's viewer. What was kept there of a checked history before is replaced; anything
// else is left alone, and is an error.
func WriteChecked(dir string, r *Run, viewer func(w io.Writer, fsys fs.FS) error) error {
	if err := replaceable(dir); err != nil {
		return err
	}
	if err := writeChecked(dir, r, viewer); err != nil {
		return fmt.Errorf("write %s: %w", dir, hint(err))
	}
	return nil
}

func writeChecked(dir string, r *Run, viewer func(w io.Writer, fsys fs.FS) error) (err error) {
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	s, err := stage(parent)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.discard()) }()
	if err := writeData(s, r); err != nil {
		return err
	}
	if err := writeViews(s, r); err != nil {
		return err
	}
	if err := s.write("viewer.html", func(w io.Writer) error { return viewer(w, os.DirFS(s.dir)) }); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(s.dir, dir)
}

// replaceable reports why a directory cannot be written, if what is there is not of a checked history.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return fmt.Errorf("write %s: %w", dir, hint(err))
	}
	if info, err := Inspect(os.DirFS(dir)); err != nil || info.File == "" {
		return fmt.Errorf("%s holds something else than what came of a checked history: name another directory", dir)
	}
	return nil
}

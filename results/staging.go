package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// partialPrefix begins the names of what is not finished.
const partialPrefix = ".partial-"

// staging is a directory that is being written and that nobody sees before publish.
type staging struct {
	parent string
	dir    string
}

func stage(parent string) (*staging, error) {
	dir, err := os.MkdirTemp(parent, partialPrefix)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &staging{parent: parent, dir: dir}, nil
}

// write writes one file, whose name may have directories in it.
func (s *staging) write(name string, content func(io.Writer) error) error {
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	err = content(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync() // else a crash of the machine can leave a directory of empty files
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// file is a name and what is in it.
type file struct {
	name    string
	content func(io.Writer) error
}

func (s *staging) writeAll(files []file) error {
	for _, f := range files {
		if err := s.write(f.name, f.content); err != nil {
			return err
		}
	}
	return nil
}

// publish gives the directory its name, with a number appended if the name is taken.
func (s *staging) publish(name string) (string, error) {
	for n := 1; ; n++ {
		free := numbered(name, n)
		err := os.Rename(s.dir, filepath.Join(s.parent, free))
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return free, err
	}
}

// numbered is the n-th name to try where one may be taken.
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s_%d", name, n)
}

// discard removes what was written, unless it was published.
func (s *staging) discard() error { return os.RemoveAll(s.dir) }

// replaceFile writes a file so that readers see the old content or the new, whole in both cases.
func replaceFile(dir, name string, content func(io.Writer) error) (err error) {
	s, err := stage(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.discard()) }()
	if err := s.write(name, content); err != nil {
		return err
	}
	return os.Rename(filepath.Join(s.dir, name), filepath.Join(dir, name))
}

// CanReplace reports why a file cannot be written, if it cannot.
func CanReplace(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory", path)
	}
	s, err := stage(filepath.Dir(path))
	if err != nil {
		return hint(err)
	}
	return s.discard()
}

// pointLatest makes the link latest in dir point to a name in dir.
func pointLatest(dir, name string) (err error) {
	s, err := stage(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.discard()) }()
	link := filepath.Join(s.dir, latest)
	if err := os.Symlink(name, link); err != nil {
		return err
	}
	return os.Rename(link, filepath.Join(dir, latest))
}

package results

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Remove removes what Faultline wrote, and no other file. It returns the paths of those, which stay.
func (s *Stored) Remove() (left []string, err error) {
	for _, path := range s.own {
		if e := os.Remove(path); !errors.Is(e, fs.ErrExist) { // which a directory is that has others' files in it
			err = errors.Join(err, ignoreGone(e))
		}
	}
	if err != nil {
		return nil, hint(err)
	}
	_ = os.Remove(s.Dir) // it stays if it is not empty
	if s.Kind == "run" {
		removeSpent(filepath.Dir(s.Dir))
	}
	_ = filepath.WalkDir(s.Dir, func(path string, d fs.DirEntry, err error) error { // what cannot be read is not listed
		if err == nil && !d.IsDir() {
			left = append(left, path)
		}
		return nil
	})
	return left, nil
}

// removeSpent removes a directory of runs whose last run was removed.
func removeSpent(dir string) {
	if len(runsEnding(dir, "")) > 0 {
		return
	}
	_ = removeLink(filepath.Join(dir, latest)) // if that fails the directory stays
	_ = os.Remove(dir)
}

// MendLatest has the links to what came last lead to the newest that is left below root, where they lead nowhere.
func MendLatest(root string) error {
	all, err := Inventory(root)
	if err != nil {
		return err
	}
	newest := map[string]string{root: ""}
	note := func(dir string) {
		if parent := filepath.Dir(dir); newest[parent] == "" {
			newest[parent] = filepath.Base(dir)
		}
	}
	for _, s := range all {
		if note(s.Dir); s.Kind == "run" {
			note(filepath.Dir(s.Dir))
		}
	}
	for dir, name := range newest {
		err = errors.Join(err, mendLatest(dir, name))
	}
	return err
}

// mendLatest has the link in a directory lead to a name there if it leads nowhere; without a name it is removed.
func mendLatest(dir, name string) error {
	link := filepath.Join(dir, latest)
	if _, err := os.Stat(link); !errors.Is(err, fs.ErrNotExist) || !exists(link) {
		return nil
	}
	if name == "" {
		return removeLink(link)
	}
	return pointLatest(dir, name)
}

// removeLink removes a link, and nothing that is none.
func removeLink(path string) error {
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != fs.ModeSymlink {
		return ignoreGone(err)
	}
	return os.Remove(path)
}

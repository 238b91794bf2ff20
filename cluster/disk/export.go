//go:build unix

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Export makes a real directory equal to the disk, as the machine's kernel knows it. It changes only what differs: whatever
// else is in the directory is removed, names of one file are names of one real file, and holes stay holes. What it has to make
// is for its owner alone. The order of the changes is of no use to anybody who is interrupted.
func (d *Disk) Export(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := export{first: map[*inode]string{}, taken: map[realFile]bool{}, buffer: d.readBuffer()}
	if err := e.directory(dir, d.files.root.dir); err != nil {
		return fmt.Errorf("write the disk to a directory: %w", err)
	}
	return nil
}

// export is under way.
type export struct {
	first  map[*inode]string // the path that each file was written to first
	taken  map[realFile]bool // by those files
	buffer []byte
}

// realFile tells a file of the machine that Faultline runs on from all others.
type realFile struct{ device, inode uint64 }

func identify(i fs.FileInfo) realFile {
	s := i.Sys().(*syscall.Stat_t)
	return realFile{uint64(s.Dev), uint64(s.Ino)}
}

func (e *export) directory(path string, d *directory) error {
	if err := makeDirectory(path); err != nil {
		return err
	}
	found, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, entry := range found {
		if d.names[entry.Name()] == nil {
			if err := os.RemoveAll(filepath.Join(path, entry.Name())); err != nil {
				return err
			}
		}
	}
	for _, name := range d.list() {
		if err := e.entry(filepath.Join(path, name), d.names[name]); err != nil {
			return err
		}
	}
	return nil
}

func (e *export) entry(path string, f *inode) error {
	first, again := e.first[f]
	switch {
	case f.dir != nil:
		return e.directory(path, f.dir)
	case again:
		return link(first, path)
	}
	real, err := e.open(path)
	if err != nil {
		return err
	}
	e.first[f] = path
	return errors.Join(f.cache.export(real, e.buffer), real.Close())
}

// makeDirectory makes a directory if there is none.
func makeDirectory(path string) error {
	i, err := os.Lstat(path)
	if err == nil && i.IsDir() {
		return nil
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.MkdirAll(path, 0o700)
}

// link makes a path a name of another file, if it is not.
func link(file, path string) error {
	want, err := os.Lstat(file)
	if err != nil {
		return err
	}
	if i, err := os.Lstat(path); err == nil && os.SameFile(i, want) {
		return nil
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.Link(file, path)
}

// open opens the real file at a path. It makes one if there is none, or if what there is is something else.
func (e *export) open(path string) (*os.File, error) {
	if i, err := os.Lstat(path); err != nil || !i.Mode().IsRegular() || e.taken[identify(i)] {
		if err := os.RemoveAll(path); err != nil {
			return nil, err
		}
	}
	real, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	i, err := real.Stat()
	if err != nil {
		return nil, errors.Join(err, real.Close())
	}
	e.taken[identify(i)] = true
	return real, nil
}

// export makes a real file equal to the content.
func (c *content) export(real *os.File, buffer []byte) error {
	i, err := real.Stat()
	if err == nil && i.Size() != c.size {
		err = real.Truncate(c.size)
	}
	if err != nil {
		return err
	}
	var changed []int64
	filled := false // there is a hole in the content, and none in the real file
	err = c.compare(real, 0, c.size, buffer, func(at int64, _ []byte) {
		changed = append(changed, at)
		filled = filled || c.pages[at/pageSize] == nil
	})
	switch {
	case err != nil:
		return err
	case filled:
		return c.writeAnew(real)
	}
	for _, at := range changed {
		if err := c.writePage(real, at); err != nil {
			return err
		}
	}
	return nil
}

// writeAnew empties a real file, so that it has no data where the content has holes.
func (c *content) writeAnew(real *os.File) error {
	if err := errors.Join(real.Truncate(0), real.Truncate(c.size)); err != nil {
		return err
	}
	for i, p := range c.pages {
		if p != nil {
			if err := c.writePage(real, int64(i)*pageSize); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *content) writePage(real *os.File, at int64) error {
	_, err := real.WriteAt(c.pages[at/pageSize].bytes[:min(pageSize, c.size-at)], at)
	return err
}

package disk

import (
	"strings"
	"syscall"
)

// find returns where a path leads, and what is there, nil if there is nothing. The root has no place. What the path leads
// through must be there.
func (t *tree) find(path string) (at place, f *inode, err error) {
	if path == "." {
		return place{}, t.root, nil
	}
	f = t.root
	for more := true; more; {
		switch {
		case f == nil:
			return place{}, nil, syscall.ENOENT
		case f.dir == nil:
			return place{}, nil, syscall.ENOTDIR
		}
		at.dir = f
		at.name, path, more = strings.Cut(path, "/")
		f = f.dir.names[at.name]
	}
	return at, f, nil
}

// existing is find for what must be there.
func (t *tree) existing(path string) (at place, f *inode, err error) {
	at, f, err = t.find(path)
	if err == nil && f == nil {
		err = syscall.ENOENT
	}
	return at, f, err
}

// directory is existing for what must be a directory.
func (t *tree) directory(path string) (*inode, error) {
	_, f, err := t.existing(path)
	if err == nil && f.dir == nil {
		err = syscall.ENOTDIR
	}
	return f, err
}

// file is existing for what must be a file.
func (t *tree) file(path string) (place, *inode, error) {
	at, f, err := t.existing(path)
	if err == nil && f.dir != nil {
		err = syscall.EISDIR
	}
	return at, f, err
}

// read returns what is in a file.
func (t *tree) read(path string) ([]byte, error) {
	_, f, err := t.file(path)
	if err != nil {
		return nil, err
	}
	b := make([]byte, f.cache.size)
	f.cache.readAt(b, 0)
	return b, nil
}

// walk calls do with the path of everything below the root, in the order of names: a directory, and then what is in it.
func (t *tree) walk(do func(path string, f *inode)) {
	var below func(prefix string, d *directory)
	below = func(prefix string, d *directory) {
		for _, name := range d.list() {
			f := d.names[name]
			do(prefix+name, f)
			if f.dir != nil {
				below(prefix+name+"/", f.dir)
			}
		}
	}
	below("", t.root.dir)
}

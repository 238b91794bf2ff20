package disk

import (
	"io/fs"
	"os"
	"strings"
	"syscall"

	"faultline/cluster/scheduler"
)

// Open opens a file to read and write.
func (v *Volume) Open(name string) (*File, error) { return v.OpenFile(name, os.O_RDWR) }

// Create makes a file, or empties the one that there is, and opens it.
func (v *Volume) Create(name string) (*File, error) {
	return v.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

// OpenFile is Open with the flags of package os, and those of package syscall. Those that count are O_CREATE, O_EXCL and
// O_TRUNC, and O_SYNC, O_DSYNC and O_DIRECT, by which each write is durable when it returns: see File. Whatever the others
// say, a file can be read and written, and File.Write adds at its end. A directory can be opened without any of them, to
// sync it.
func (v *Volume) OpenFile(name string, flag int) (f *File, err error) {
	defer scheduler.Enter().Leave()
	made := ""
	err = v.name("open", name, func(t *tree) error {
		at, file, err := t.find(name)
		switch {
		case err != nil:
			return err
		case file == nil && flag&os.O_CREATE == 0:
			return syscall.ENOENT
		case file != nil && flag&os.O_CREATE != 0 && flag&os.O_EXCL != 0:
			return syscall.EEXIST
		case file != nil && file.dir != nil && flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC) != 0:
			return syscall.EISDIR
		case file == nil && v.full():
			return syscall.ENOSPC
		case file == nil:
			file = &inode{pool: t.pool}
			t.add(at, file)
			made = "create"
		case flag&os.O_TRUNC != 0 && file.cache.size > 0:
			file.change(change{}, !t.private)
			made = "empty"
		}
		file.opened++
		f = &File{volume: v, name: name, file: file, durable: durabilityOf(flag)}
		return nil
	})
	if made != "" {
		v.changed("%s %s", made, name)
	}
	return f, err
}

// ReadFile returns what is in a file.
func (v *Volume) ReadFile(name string) (b []byte, err error) {
	defer scheduler.Enter().Leave()
	err = v.name("open", name, func(t *tree) error {
		b, err = t.read(name)
		return err
	})
	return b, err
}

// name does something with a name.
func (v *Volume) name(op, name string, do func(*tree) error) error {
	err := valid(name)
	if err == nil {
		v.disk.pass()
		v.disk.mu.Lock()
		err = do(v.files)
		v.disk.mu.Unlock()
	}
	if err != nil {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	return nil
}

// valid says why a path cannot be one on a disk.
func valid(path string) error {
	if !fs.ValidPath(path) || strings.Contains(path, "\x00") {
		return syscall.EINVAL
	}
	return nil
}

// Full reports whether there is no room for more.
func (v *Volume) Full() bool {
	defer scheduler.Enter().Leave()
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	return v.full()
}

// full reports whether there is no room for more. The caller holds mu.
func (v *Volume) full() bool {
	f := v.disk.faults.Load()
	return f != nil && f.full && !v.files.private
}

package disk

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Open opens a file to read and write.
func (v *Volume) Open(name string) (*File, error) { return v.OpenFile(name, os.O_RDWR) }

// Create makes a file, or empties the one that there is, and opens it.
func (v *Volume) Create(name string) (*File, error) {
	return v.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

// OpenFile is Open with the flags of package os. Those that count are O_CREATE, O_EXCL and O_TRUNC. Whatever the others
// say, a file can be read and written, and File.Write adds at its end.
func (v *Volume) OpenFile(name string, flag int) (f *File, err error) {
	err = v.name("open", name, func(t *tree) error {
		file := t.names[name]
		switch {
		case file == nil && flag&os.O_CREATE == 0:
			return syscall.ENOENT
		case file != nil && flag&os.O_CREATE != 0 && flag&os.O_EXCL != 0:
			return syscall.EEXIST
		case file == nil && v.full():
			return syscall.ENOSPC
		case file == nil:
			file = t.create(name)
		case flag&os.O_TRUNC != 0 && file.cache.size > 0:
			file.change(change{}, !t.private)
		}
		file.opened++
		f = &File{volume: v, name: name, file: file}
		return nil
	})
	return f, err
}

// Rename gives a file another name. Another file that has it loses it.
func (v *Volume) Rename(from, to string) error {
	if err := valid(to); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	err := v.name("rename", from, func(t *tree) error {
		if t.names[from] == nil {
			return syscall.ENOENT
		}
		if from != to {
			t.rename(from, to)
		}
		return nil
	})
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: cause.Err}
	}
	return err
}

// Remove takes a file its name. Whoever has it open goes on with it.
func (v *Volume) Remove(name string) error {
	return v.name("remove", name, func(t *tree) error {
		if t.names[name] == nil {
			return syscall.ENOENT
		}
		t.remove(name)
		return nil
	})
}

// List returns the names of all files, sorted.
func (v *Volume) List() []string {
	v.disk.pass()
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	return v.files.list()
}

// SyncDir makes all names durable, and nothing else.
func (v *Volume) SyncDir() error {
	if err := v.sync(nil); err != nil {
		return &fs.PathError{Op: "sync", Path: ".", Err: err}
	}
	return nil
}

// ReadFile returns what is in a file.
func (v *Volume) ReadFile(name string) (b []byte, err error) {
	err = v.name("open", name, func(t *tree) error {
		file := t.names[name]
		if file == nil {
			return syscall.ENOENT
		}
		b = make([]byte, file.cache.size)
		file.cache.readAt(b, 0)
		return nil
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

// valid says why a file cannot have a name: a disk is one directory.
func valid(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return syscall.EINVAL
	}
	return nil
}

// full reports whether there is no room for more. The caller holds mu.
func (v *Volume) full() bool {
	f := v.disk.faults.Load()
	return f != nil && f.full && !v.files.private
}

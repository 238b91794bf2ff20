package disk

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"faultline/cluster/scheduler"
)

// Mkdir makes a directory.
func (v *Volume) Mkdir(name string) error {
	defer scheduler.Call().Leave()
	err := v.name("mkdir", name, func(t *tree) error {
		at, there, err := t.find(name)
		switch {
		case err != nil:
			return err
		case there != nil:
			return syscall.EEXIST
		case v.full():
			return syscall.ENOSPC
		}
		t.add(at, t.newDirectory())
		return nil
	})
	return v.succeeded(err, "mkdir %s", name)
}

// Link gives a file another name.
func (v *Volume) Link(file, name string) error {
	defer scheduler.Call().Leave()
	err := v.twoNames("link", file, name, func(t *tree) error {
		_, f, err := t.existing(file)
		if err != nil {
			return err
		}
		at, there, err := t.find(name)
		switch {
		case err != nil:
			return err
		case there != nil:
			return syscall.EEXIST
		case f.dir != nil:
			return syscall.EPERM
		}
		t.change(nameChange{to: at, file: f})
		return nil
	})
	return v.succeeded(err, "link %s as %s", file, name)
}

// Rename gives a file or directory another name, anywhere on the disk. Another file that has it loses it, and so does an
// empty directory if it is a directory that is renamed.
func (v *Volume) Rename(from, to string) error {
	defer scheduler.Call().Leave()
	err := v.twoNames("rename", from, to, func(t *tree) error {
		old, f, err := t.find(from)
		if err != nil {
			return err
		}
		at, over, err := t.find(to)
		switch {
		case err != nil:
			return err
		case f == t.root || over == t.root:
			return syscall.EBUSY
		case f == nil:
			return syscall.ENOENT
		case f == over:
			return nil
		case f.dir != nil && strings.HasPrefix(to, from+"/"):
			return syscall.EINVAL
		case strings.HasPrefix(from, to+"/"):
			return syscall.ENOTEMPTY
		}
		if err := replaceable(over, f); err != nil {
			return err
		}
		t.rename(old, at, f, over)
		return nil
	})
	return v.succeeded(err, "rename %s to %s", from, to)
}

// replaceable says why a file cannot take the place of another.
func replaceable(over, by *inode) error {
	switch {
	case over == nil:
		return nil
	case over.dir == nil && by.dir != nil:
		return syscall.ENOTDIR
	case over.dir != nil && by.dir == nil:
		return syscall.EISDIR
	case over.dir != nil && len(over.dir.names) > 0:
		return syscall.ENOTEMPTY
	default:
		return nil
	}
}

// Remove takes a file its name. Whoever has it open goes on with it. A directory has to be empty.
func (v *Volume) Remove(name string) error {
	defer scheduler.Call().Leave()
	err := v.name("remove", name, func(t *tree) error {
		at, f, err := t.existing(name)
		switch {
		case err != nil:
			return err
		case f == t.root:
			return syscall.EINVAL
		case f.dir != nil && len(f.dir.names) > 0:
			return syscall.ENOTEMPTY
		}
		t.change(nameChange{from: at})
		return nil
	})
	return v.succeeded(err, "remove %s", name)
}

// List returns the names in a directory, sorted.
func (v *Volume) List(dir string) (names []string, err error) {
	defer scheduler.Enter().Leave()
	err = v.name("open", dir, func(t *tree) error {
		f, err := t.directory(dir)
		if err == nil {
			names = f.dir.list()
		}
		return err
	})
	return names, err
}

// SyncDir makes the names in a directory durable, and no contents. What other names it makes durable is up to the
// FileSystem.
func (v *Volume) SyncDir(dir string) error {
	defer scheduler.Call().Leave()
	var f *inode
	err := v.name("sync", dir, func(t *tree) (err error) {
		f, err = t.directory(dir)
		return err
	})
	if err != nil {
		return err
	}
	if err := v.succeeded(v.sync(f), "sync %s", dir); err != nil {
		return &fs.PathError{Op: "sync", Path: dir, Err: err}
	}
	return nil
}

// Info is what there is to know of a file or directory.
type Info struct {
	Size int64 // 0 for a directory
	Dir  bool
}

// Stat says what a name stands for.
func (v *Volume) Stat(name string) (i Info, err error) {
	defer scheduler.Enter().Leave()
	err = v.name("stat", name, func(t *tree) error {
		_, f, err := t.existing(name)
		if err == nil {
			i = Info{Size: f.cache.size, Dir: f.dir != nil}
		}
		return err
	})
	return i, err
}

// twoNames does something with two names.
func (v *Volume) twoNames(op, from, to string, do func(*tree) error) error {
	err := valid(to)
	if err == nil {
		err = v.name(op, from, do)
	}
	if err == nil {
		return nil
	}
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return &os.LinkError{Op: op, Old: from, New: to, Err: err}
}

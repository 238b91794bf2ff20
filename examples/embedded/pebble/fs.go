package pebble

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"

	"faultline/cluster/disk"
)

// volume is a vfs.FS on a disk that knows what was synced.
type volume struct {
	*disk.Volume
	mu     sync.Mutex
	locked map[string]bool
}

var _ vfs.FS = (*volume)(nil)

func newVolume(v *disk.Volume) *volume { return &volume{Volume: v, locked: map[string]bool{}} }

// on is a path as the disk knows it.
func on(name string) string {
	if name = strings.TrimPrefix(path.Clean(name), "/"); name == "" {
		return "."
	}
	return name
}

// Create implements vfs.FS: a file that is there is not emptied, but replaced.
func (v *volume) Create(name string, _ vfs.DiskWriteCategory) (vfs.File, error) {
	if err := v.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return v.open(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (v *volume) open(name string, flag int) (vfs.File, error) {
	f, err := v.OpenFile(on(name), flag)
	if err != nil {
		return nil, err
	}
	return &file{File: f, volume: v}, nil
}

// Open implements vfs.FS.
func (v *volume) Open(name string, options ...vfs.OpenOption) (vfs.File, error) {
	f, err := v.open(name, os.O_RDONLY)
	for _, o := range options {
		if err == nil {
			o.Apply(f)
		}
	}
	return f, err
}

// OpenReadWrite implements vfs.FS.
func (v *volume) OpenReadWrite(name string, _ vfs.DiskWriteCategory, _ ...vfs.OpenOption) (vfs.File, error) {
	return v.open(name, os.O_RDWR|os.O_CREATE)
}

// OpenDir implements vfs.FS.
func (v *volume) OpenDir(name string) (vfs.File, error) { return v.open(name, os.O_RDONLY) }

// Link implements vfs.FS.
func (v *volume) Link(from, to string) error { return v.Volume.Link(on(from), on(to)) }

// Remove implements vfs.FS.
func (v *volume) Remove(name string) error { return v.Volume.Remove(on(name)) }

// RemoveAll implements vfs.FS.
func (v *volume) RemoveAll(name string) error {
	names, err := v.List(name)
	if err == nil {
		for _, below := range names {
			err = errors.Join(err, v.RemoveAll(path.Join(name, below)))
		}
	}
	if removed := v.Remove(name); !errors.Is(removed, fs.ErrNotExist) {
		return removed
	}
	return nil
}

// Rename implements vfs.FS.
func (v *volume) Rename(from, to string) error { return v.Volume.Rename(on(from), on(to)) }

// ReuseForWrite implements vfs.FS.
func (v *volume) ReuseForWrite(from, to string, _ vfs.DiskWriteCategory) (vfs.File, error) {
	if err := v.Rename(from, to); err != nil {
		return nil, err
	}
	return v.open(to, os.O_RDWR)
}

// MkdirAll implements vfs.FS.
func (v *volume) MkdirAll(dir string, _ os.FileMode) error {
	dir = on(dir)
	if dir == "." {
		return nil
	}
	if err := v.MkdirAll(path.Dir(dir), 0); err != nil {
		return err
	}
	if err := v.Mkdir(dir); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Lock implements vfs.FS.
func (v *volume) Lock(name string) (io.Closer, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.locked[name] {
		return nil, &fs.PathError{Op: "lock", Path: name, Err: os.ErrPermission}
	}
	f, err := v.OpenFile(on(name), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	v.locked[name] = true
	return &lock{v, name, f}, nil
}

type lock struct {
	volume *volume
	name   string
	file   *disk.File
}

func (l *lock) Close() error {
	l.volume.mu.Lock()
	defer l.volume.mu.Unlock()
	delete(l.volume.locked, l.name)
	return l.file.Close()
}

// List implements vfs.FS.
func (v *volume) List(dir string) ([]string, error) { return v.Volume.List(on(dir)) }

// Stat implements vfs.FS.
func (v *volume) Stat(name string) (vfs.FileInfo, error) {
	i, err := v.Volume.Stat(on(name))
	if err != nil {
		return nil, err
	}
	return info{path.Base(name), i}, nil
}

// PathBase implements vfs.FS.
func (v *volume) PathBase(name string) string { return path.Base(name) }

// PathJoin implements vfs.FS.
func (v *volume) PathJoin(elements ...string) string { return path.Join(elements...) }

// PathDir implements vfs.FS.
func (v *volume) PathDir(name string) string { return path.Dir(name) }

// GetDiskUsage implements vfs.FS: there is room.
func (v *volume) GetDiskUsage(string) (vfs.DiskUsage, error) {
	const size = 1 << 40
	return vfs.DiskUsage{AvailBytes: size, TotalBytes: size}, nil
}

// Unwrap implements vfs.FS.
func (v *volume) Unwrap() vfs.FS { return nil }

package pebble

import (
	"io/fs"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"faultline/cluster/disk"
)

// file is an open file or directory, with a place where the next Read and Write are.
type file struct {
	*disk.File
	volume *volume
	at     int64
}

// Read implements vfs.File.
func (f *file) Read(b []byte) (int, error) {
	n, err := f.ReadAt(b, f.at)
	f.at += int64(n)
	if n > 0 {
		err = nil // the end comes with the next one
	}
	return n, err
}

// Write implements vfs.File.
func (f *file) Write(b []byte) (int, error) {
	n, err := f.WriteAt(b, f.at)
	f.at += int64(n)
	return n, err
}

// Stat implements vfs.File.
func (f *file) Stat() (vfs.FileInfo, error) {
	size, err := f.Size()
	return info{f.Name(), disk.Info{Size: size}}, err
}

// SyncData implements vfs.File.
func (f *file) SyncData() error { return f.Sync() }

// SyncTo implements vfs.File. As on Linux, where it is sync_file_range, it promises nothing.
func (f *file) SyncTo(int64) (fullSync bool, err error) { return false, nil }

// Preallocate implements vfs.File.
func (f *file) Preallocate(_, _ int64) error { return nil }

// Prefetch implements vfs.File.
func (f *file) Prefetch(_, _ int64) error { return nil }

// Fd implements vfs.File.
func (f *file) Fd() uintptr { return vfs.InvalidFd }

// info implements vfs.FileInfo.
type info struct {
	name string
	disk.Info
}

func (i info) Name() string { return i.name }
func (i info) Size() int64  { return i.Info.Size }
func (i info) Mode() fs.FileMode {
	if i.Dir {
		return fs.ModeDir | 0o700
	}
	return 0o600
}
func (i info) ModTime() time.Time     { return time.Time{} }
func (i info) IsDir() bool            { return i.Dir }
func (i info) Sys() any               { return nil }
func (i info) DeviceID() vfs.DeviceID { return vfs.DeviceID{} }

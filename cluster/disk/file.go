package disk

import (
	"io"
	"io/fs"
	"os"
	"syscall"

	"faultline/cluster/scheduler"
)

// File is an open file, or an open directory, which can only be synced. Its errors are those of package os.
//
// After O_SYNC or O_DSYNC each change is followed by a sync, takes as long as that, and fails as that does. After O_DIRECT the
// same goes for contents, and names are as durable as after any write. What was written to the file before, by others perhaps,
// is made durable with it.
type File struct {
	volume  *Volume
	name    string
	file    *inode
	durable durability
	closed  bool
}

var (
	_ io.Writer   = (*File)(nil)
	_ io.ReaderAt = (*File)(nil)
	_ io.WriterAt = (*File)(nil)
	_ io.Closer   = (*File)(nil)
)

// Name is the name by which the file was opened.
func (f *File) Name() string { return f.name }

// Size is how many bytes there are.
func (f *File) Size() (size int64, err error) {
	defer scheduler.Enter().Leave()
	err = f.do("stat", func() error {
		size = f.file.cache.size
		return nil
	})
	return size, err
}

// ReadAt reads from an offset on; io.EOF if there is less than is asked for.
func (f *File) ReadAt(b []byte, off int64) (n int, err error) {
	defer scheduler.Enter().Leave()
	err = f.do("read", func() error {
		switch {
		case f.file.dir != nil:
			return syscall.EISDIR
		case off < 0:
			return syscall.EINVAL
		}
		n = f.file.cache.readAt(b, off)
		return nil
	})
	if err == nil && n < len(b) {
		err = io.EOF
	}
	return n, err
}

// WriteAt writes at an offset, past the end if need be: between is a hole, of zeros.
func (f *File) WriteAt(b []byte, off int64) (int, error) {
	defer scheduler.Call().Leave()
	return f.write(b, func() int64 { return off })
}

// Write writes at the end, as to a file that was opened with O_APPEND.
func (f *File) Write(b []byte) (int, error) {
	defer scheduler.Call().Leave()
	return f.write(b, func() int64 { return f.file.cache.size })
}

func (f *File) write(b []byte, at func() int64) (int, error) {
	err := f.change("write", func() change { return change{kind: write, off: at(), data: b} })
	if err != nil {
		return 0, err
	}
	return len(b), nil
}

// Truncate makes the file size bytes long. What is added is a hole, of zeros.
func (f *File) Truncate(size int64) error {
	defer scheduler.Call().Leave()
	return f.change("truncate", func() change { return change{kind: resize, off: size} })
}

// change makes a change, and has it reach the disk if the file was opened for that.
func (f *File) change(op string, what func() change) error {
	var made change
	changed := false
	err := f.do(op, func() error {
		c, now := what(), &f.file.cache
		switch {
		case f.file.dir != nil:
			return syscall.EBADF
		case c.off < 0:
			return syscall.EINVAL
		case c.idle(now):
			return nil
		case f.volume.full() && c.end() > now.size:
			return syscall.ENOSPC
		}
		made, changed = c, true
		f.file.change(c, !f.volume.files.private)
		return nil
	})
	if err != nil || !changed {
		return err
	}
	if f.volume.watched() { // or each write would cost a sentence that nobody reads
		f.volume.changed("%s", made.of(f.name))
	}
	return f.wrap(op, f.settle())
}

// Sync makes durable what was written to the file before, once it returns. Whether it makes names durable is up to the
// FileSystem. After an error what was written is lost, whatever later syncs say: see Disk.Fail.
func (f *File) Sync() error {
	defer scheduler.Call().Leave()
	if err := f.do("sync", func() error { return nil }); err != nil {
		return err
	}
	return f.wrap("sync", f.synced(f.volume.sync(f.file)))
}

// StartSync is Sync for whoever cannot wait: it covers what was written before it is called, and is durable once finish returns.
func (f *File) StartSync() (finish func() error) {
	defer scheduler.Call().Leave()
	var end func() error
	err := f.do("sync", func() error { return nil })
	if err == nil {
		end = f.volume.startSync(f.file, f.volume.files.synced(f.file))
	}
	return func() error {
		defer scheduler.Enter().Leave()
		if err != nil {
			return err
		}
		return f.wrap("sync", f.synced(end()))
	}
}

// synced tells of the end of a sync.
func (f *File) synced(err error) error { return f.volume.succeeded(err, "sync %s", f.name) }

// Close gives the file up. It syncs nothing.
func (f *File) Close() error {
	defer scheduler.Enter().Leave()
	return f.do("close", func() error {
		f.closed = true
		f.file.opened--
		if f.file.opened == 0 && !f.volume.files.private {
			f.volume.files.sweep()
		}
		return nil
	})
}

// do does something with the file.
func (f *File) do(op string, do func() error) error {
	f.volume.disk.pass()
	f.volume.disk.mu.Lock()
	defer f.volume.disk.mu.Unlock()
	if f.closed {
		return f.wrap(op, os.ErrClosed)
	}
	return f.wrap(op, do())
}

func (f *File) wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: f.name, Err: err}
}

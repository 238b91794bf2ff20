package disk

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// File is an open file. Its errors are those of package os.
type File struct {
	volume *Volume
	name   string
	file   *inode
	closed bool
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
	err = f.do("stat", func() error {
		size = f.file.cache.size
		return nil
	})
	return size, err
}

// ReadAt reads from an offset on; io.EOF if there is less than is asked for.
func (f *File) ReadAt(b []byte, off int64) (n int, err error) {
	err = f.do("read", func() error {
		if off < 0 {
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
	return f.write(b, func() int64 { return off })
}

// Write writes at the end, as to a file that was opened with O_APPEND.
func (f *File) Write(b []byte) (int, error) {
	return f.write(b, func() int64 { return f.file.cache.size })
}

func (f *File) write(b []byte, at func() int64) (int, error) {
	err := f.do("write", func() error {
		off := at()
		switch {
		case off < 0:
			return syscall.EINVAL
		case off+int64(len(b)) > f.file.cache.size && f.volume.full():
			return syscall.ENOSPC
		case len(b) > 0:
			f.file.change(change{off: off, data: b}, !f.volume.files.private)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(b), nil
}

// Truncate makes the file size bytes long. What is added is a hole, of zeros.
func (f *File) Truncate(size int64) error {
	return f.do("truncate", func() error {
		switch {
		case size < 0:
			return syscall.EINVAL
		case size != f.file.cache.size:
			f.file.change(change{off: size}, !f.volume.files.private)
		}
		return nil
	})
}

// Sync makes durable what was written to the file before, once it returns. Whether it makes names durable is up to the
// FileSystem. After an error what was written is lost, whatever later syncs say: see Disk.Fail.
func (f *File) Sync() error {
	if err := f.do("sync", func() error { return nil }); err != nil {
		return err
	}
	return f.wrap("sync", f.volume.sync(f.file))
}

// Close gives the file up. It syncs nothing.
func (f *File) Close() error {
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

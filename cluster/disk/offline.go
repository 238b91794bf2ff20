package disk

import (
	"errors"
	"io/fs"
	"syscall"
)

// Names returns the names of all files, sorted, as the machine's kernel knows them.
func (d *Disk) Names() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files.list()
}

// ReadFile returns what is in a file, as the machine's kernel knows it.
func (d *Disk) ReadFile(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files.names[name]
	if f == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOENT}
	}
	b := make([]byte, f.cache.size)
	f.cache.readAt(b, 0)
	return b, nil
}

// Remove takes a file from a disk whose node is down. Nothing brings it back.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files.names[name] == nil {
		return &fs.PathError{Op: "remove", Path: name, Err: syscall.ENOENT}
	}
	d.files.remove(name)
	d.files.persist(d.files.renamed.end())
	return nil
}

func (d *Disk) size(name string) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f := d.files.names[name]; f != nil {
		return f.cache.size
	}
	return 0
}

// FlipBit flips one bit of a file, counted from its beginning, and returns what flips it back, unless the byte was written
// meanwhile. The node is down.
func (d *Disk) FlipBit(name string, bit int) (repair func() error, err error) {
	off, mask := int64(bit/8), byte(1)<<(bit%8)
	before, err := d.changeByte(name, off, func(b byte) byte { return b ^ mask })
	if err != nil {
		return nil, err
	}
	return func() error {
		_, err := d.changeByte(name, off, func(b byte) byte {
			if b != before^mask {
				return b
			}
			return before
		})
		return err
	}, nil
}

// errShort says that there is no such byte.
var errShort = errors.New("the file ends before it")

// changeByte changes a byte of a file for good and returns what it was.
func (d *Disk) changeByte(name string, off int64, to func(byte) byte) (byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files.names[name]
	if f == nil {
		return 0, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOENT}
	}
	b := make([]byte, 1)
	if f.cache.readAt(b, off) == 0 {
		return 0, &fs.PathError{Op: "read", Path: name, Err: errShort}
	}
	before := b[0]
	changed := []byte{to(before)}
	f.cache.writeAt(changed, off, f.pool)
	if off < f.durable.size {
		f.durable.writeAt(changed, off, f.pool)
	}
	return before, nil
}

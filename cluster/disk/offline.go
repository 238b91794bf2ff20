package disk

import (
	"errors"
	"io/fs"
)

// Names returns the paths of all files and directories as the machine's kernel knows them, in order. That of a directory ends in
// a slash.
func (d *Disk) Names() (all []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files.walk(func(path string, f *inode) {
		if f.dir != nil {
			path += "/"
		}
		all = append(all, path)
	})
	return all
}

// ReadFile returns what is in a file, as the machine's kernel knows it.
func (d *Disk) ReadFile(name string) (b []byte, err error) {
	err = d.offline("open", name, func(t *tree) (err error) {
		b, err = t.read(name)
		return err
	})
	return b, err
}

// Remove takes a file from a disk whose node is down. Nothing brings it back.
func (d *Disk) Remove(name string) error {
	return d.offline("remove", name, func(t *tree) error {
		at, _, err := t.file(name)
		if err != nil {
			return err
		}
		t.change(nameChange{from: at})
		for _, j := range t.journals() {
			t.persist(j, j.end())
		}
		return nil
	})
}

// offline does something with a name while the node is down, or does not care.
func (d *Disk) offline(op, name string, do func(*tree) error) error {
	err := valid(name)
	if err == nil {
		d.mu.Lock()
		err = do(d.files)
		d.mu.Unlock()
	}
	if err != nil {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	return nil
}

// FlipBit flips one bit of a file, counted from its beginning, and returns what flips it back, unless the byte was written or
// lost meanwhile. The node is down.
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
		return unlessLost(err)
	}, nil
}

// Cut makes a file end at an offset, and returns what puts the rest back, unless the file was changed or lost meanwhile. What was
// written to the file before is durable. The node is down.
func (d *Disk) Cut(name string, size int64) (repair func() error, err error) {
	var whole, cut content
	err = d.offline("truncate", name, func(t *tree) error {
		_, f, err := t.file(name)
		if err != nil {
			return err
		}
		f.persist(f.unsynced.end())
		whole = f.cache.copy()
		f.cache.truncate(min(size, f.cache.size), f.pool)
		cut = f.cache.copy()
		f.durable = f.cache.copy()
		return nil
	})
	return func() error {
		return unlessLost(d.offline("open", name, func(t *tree) error {
			_, f, err := t.file(name)
			if err == nil && f.cache.same(cut) {
				f.cache, f.durable = whole.copy(), whole.copy()
			}
			return err
		}))
	}, err
}

// unlessLost is an error, unless what was to be repaired is not there any more.
func unlessLost(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errShort) {
		return nil
	}
	return err
}

// errShort says that there is no such byte.
var errShort = errors.New("the file ends before it")

// changeByte changes a byte of a file for good and returns what it was.
func (d *Disk) changeByte(name string, off int64, to func(byte) byte) (before byte, err error) {
	err = d.offline("open", name, func(t *tree) error {
		_, f, err := t.file(name)
		if err != nil {
			return err
		}
		b := make([]byte, 1)
		if f.cache.readAt(b, off) == 0 {
			return errShort
		}
		before = b[0]
		b[0] = to(before)
		f.cache.writeAt(b, off, f.pool)
		if off < f.durable.size {
			f.durable.writeAt(b, off, f.pool)
		}
		return nil
	})
	return before, err
}

package disk

import (
	"fmt"
	"path"
	"strings"
)

// Files is a part that is all files whose paths match one of some patterns, see path.Match: "*/wal/*.wal". What is damaged is drawn
// from all their data, so a large file is hit more often than a small one, and a hole never is.
func (d *Disk) Files(patterns ...string) Stored {
	m := matching{d, patterns}
	return Stored{Has: m.has, Flip: m.flip, InPlace: true, Truncate: m.truncate}
}

// matching are the files that match patterns.
type matching struct {
	disk     *Disk
	patterns []string
}

// matched is a file that matches.
type matched struct {
	path string
	file *inode
}

// files returns them in the order of their paths, and how many bytes of data they have. A file that has several such names is there
// several times.
func (m matching) files() (all []matched, data int) {
	m.disk.mu.Lock()
	defer m.disk.mu.Unlock()
	m.disk.files.walk(func(path string, f *inode) {
		if f.dir == nil && m.match(path) {
			all = append(all, matched{path, f})
			data += f.cache.data()
		}
	})
	return all, data
}

func (m matching) match(name string) bool {
	for _, p := range m.patterns {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}

func (m matching) has() bool {
	_, data := m.files()
	return data > 0
}

func (m matching) flip(draw func(n int) int) (repair func() error, err error) {
	f, bit, err := m.draw(draw, 8)
	if err != nil {
		return nil, err
	}
	return m.disk.FlipBit(f.path, 8*int(f.file.cache.nthByte(bit/8))+bit%8)
}

func (m matching) truncate(draw func(n int) int) (repair func() error, err error) {
	f, n, err := m.draw(draw, 1)
	if err != nil {
		return nil, err
	}
	return m.disk.Cut(f.path, f.file.cache.nthByte(n))
}

// draw draws one of all units of data, so many in a byte, and returns the file that it is in and its number there.
func (m matching) draw(draw func(n int) int, inByte int) (matched, int, error) {
	all, data := m.files()
	if data == 0 {
		return matched{}, 0, fmt.Errorf("there is nothing in %s", strings.Join(m.patterns, ", "))
	}
	n := draw(inByte * data)
	for _, f := range all {
		units := inByte * f.file.cache.data()
		if n < units {
			return f, n, nil
		}
		n -= units
	}
	panic("more was drawn than there is")
}

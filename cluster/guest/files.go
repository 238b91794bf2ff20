package guest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"faultline/cluster/disk"
	"faultline/cluster/sim"
)

// files makes on the machine's disk what a guest has done to its real files, which are its page cache. The guest has already done it,
// so the disk cannot refuse: what it refuses is a fault of ours, and the world ends there.
type files struct {
	process *sim.Process
	volume  *disk.Volume
	dir     string                            // the real directory
	open    map[uint32]*file                  // by the identifiers of the guest
	synced  func(number uint32, errno uint64) // tells the guest how a sync has ended
	sent    func()                            // sends what the guest has written; nil if that needs no more doing
}

type file struct {
	*disk.File
	mapped *os.File // the real file, if the guest has it mapped to write to
}

func newFiles(p *sim.Process, dir string, synced func(number uint32, errno uint64)) files {
	return files{process: p, volume: p.Volume(), dir: dir, open: map[uint32]*file{}, synced: synced}
}

// heard does what the guest has said about a file.
func (f *files) heard(kind byte, id uint32, n uint64, b []byte) {
	var err error
	switch kind {
	case 'o':
		err = f.opened(id, int(n), string(b))
	case 'c':
		err = f.closed(id)
	case 'b':
		_, err = f.open[id].WriteAt(b, int64(n))
	case 't':
		err = f.open[id].Truncate(int64(n))
	case 'u':
		err = f.volume.Remove(string(b))
	case 'm':
		err = f.volume.Mkdir(string(b))
	case 'r':
		err = f.renamed(b)
	case 'l':
		from, to, _ := strings.Cut(string(b), "\x00")
		err = f.volume.Link(from, to)
	case 'p':
		err = f.isMapped(f.open[id], string(b))
	case 's', 'S', 'M':
		f.sync(kind, id, uint32(n), b)
	default:
		err = fmt.Errorf("the guest says %q", kind)
	}
	if err != nil && !f.process.Dead() {
		panic(fmt.Sprintf("guest %s: the disk and the real files have parted: %q: %v", f.process.Node(), kind, err))
	}
}

func (f *files) renamed(b []byte) error {
	from, to, _ := strings.Cut(string(b), "\x00")
	if f.sent != nil {
		f.sent() // what was sent before is sent
	}
	f.process.Reach(renames)
	err := f.volume.Rename(from, to)
	f.process.Reach(renamed)
	return err
}

func (f *files) opened(id uint32, flags int, name string) error {
	const counts = os.O_CREATE | os.O_TRUNC
	flags &= counts // the guest waits for what is to be durable by itself
	if flags != 0 {
		if info, err := f.volume.Stat(name); err == nil && info.Dir {
			flags = 0
		}
	}
	opened, err := f.volume.OpenFile(name, flags)
	if err != nil {
		return err
	}
	f.open[id] = &file{File: opened}
	return nil
}

func (f *files) closed(id uint32) error {
	closed := f.open[id]
	if closed.mapped != nil { // a mapping outlives the descriptor
		return nil
	}
	delete(f.open, id)
	return closed.Close()
}

// isMapped notes that the guest has a file mapped, which now has that name. One that has lost its name does not survive anyhow.
func (f *files) isMapped(m *file, name string) error {
	if m.mapped != nil {
		return nil
	}
	real, err := os.Open(filepath.Join(f.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	m.mapped = real
	return err
}

// takeMapped has the disk know what the guest has written through its mappings.
func (f *files) takeMapped() {
	for _, id := range f.identifiers() {
		if m := f.open[id]; m.mapped != nil {
			_ = f.takeRange(m, 0, 1<<62)
		}
	}
}

func (f *files) identifiers() []uint32 {
	var all []uint32
	for id := range f.open {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

func (f *files) takeRange(m *file, off, n int64) error {
	size, err := m.Size()
	if err != nil {
		return err
	}
	if n = min(n, size-off); n <= 0 {
		return nil
	}
	_, err = m.WriteMapped(m.mapped, off, n)
	return err
}

// sync makes durable what the guest has written so far, and then tells it. What other goroutines of the guest write from now on is not
// covered, though the guest goes on until all of it waits before the sync takes its time.
func (f *files) sync(kind byte, id, number uint32, b []byte) {
	var finish []func() error
	switch w := f.open[id]; {
	case kind == 'S':
		finish = f.syncAll()
	case w == nil: // it was mapped without a name, and then closed: nobody finds it again
	default:
		if w.mapped != nil {
			off, n := int64(0), int64(1<<62)
			if kind == 'M' {
				off, n = int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint64(b[8:]))
			}
			_ = f.takeRange(w, off, n)
		}
		finish = append(finish, w.StartSync())
	}
	go func() {
		var failed error
		f.process.Reach(wantsSync)
		for _, end := range finish {
			failed = errors.Join(failed, end())
		}
		f.process.Reach(synced)
		f.synced(number, diskErrno(failed))
	}()
}

// syncAll begins to sync all that is on the disk, also what nobody has open.
func (f *files) syncAll() (finish []func() error) {
	f.takeMapped()
	for _, name := range append([]string{"."}, f.volume.Disk().Names()...) {
		each, err := f.volume.OpenFile(strings.TrimSuffix(name, "/"), 0)
		if err != nil { // the process has died
			continue
		}
		end := each.StartSync()
		finish = append(finish, func() error { return errors.Join(end(), each.Close()) })
	}
	return finish
}

// diskErrno is the number of an error of the disk.
func diskErrno(err error) uint64 {
	if err == nil {
		return 0
	}
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		return uint64(errno)
	}
	return uint64(syscall.EIO)
}

// prepare makes the machine's real directory what its disk holds, with the files that are wanted there at first.
func (f *files) prepare(first map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(first)) {
		if _, err := f.volume.Stat(name); err == nil {
			continue
		}
		if err := f.provide(name, first[name]); err != nil {
			return err
		}
	}
	return f.volume.Disk().Export(f.dir)
}

// provide puts a file on the disk, for good.
func (f *files) provide(name, text string) error {
	for at, c := range name {
		if c == '/' {
			if err := f.volume.Mkdir(name[:at]); err != nil && !errors.Is(err, os.ErrExist) {
				return err
			}
		}
	}
	created, err := f.volume.Create(name)
	if err != nil {
		return err
	}
	_, err = created.WriteAt([]byte(text), 0)
	return errors.Join(err, created.Sync(), f.volume.SyncDir(filepath.Dir(name)), created.Close())
}

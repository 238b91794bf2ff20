package disk

import (
	"fmt"
	"slices"
	"syscall"
)

// inode is a file or a directory, whatever its name.
type inode struct {
	dir      *directory // nil for a file; a directory has no content
	pool     *pool
	cache    content       // as processes see it
	durable  content       // as it would be found after a loss of power
	unsynced queue[change] // what makes the first of the second, unless some of it was lost to an error
	broken   bool          // the kernel could not write something back, and has told nobody yet
	opened   int           // how many handles there are
	wanted   bool          // used by sweep
}

// change is one change of a file's content.
type change struct {
	kind changeKind
	off  int64  // where it begins; the new size
	data []byte // of a write
}

type changeKind uint8

const (
	resize changeKind = iota
	write
)

func (c change) apply(to *content, pool *pool) {
	if c.kind == write {
		to.writeAt(c.data, c.off, pool)
	} else {
		to.truncate(c.off, pool)
	}
}

// idle reports whether the change makes no difference.
func (c change) idle(of *content) bool {
	return c.kind == write && len(c.data) == 0 || c.kind == resize && c.off == of.size
}

// of says what is done to a file.
func (c change) of(name string) string {
	if c.kind == write {
		return fmt.Sprintf("write %d bytes at %d of %s", len(c.data), c.off, name)
	}
	return fmt.Sprintf("truncate %s to %d bytes", name, c.off)
}

// end is how long a file is at least after the change.
func (c change) end() int64 { return c.off + int64(len(c.data)) }

// change makes a change as a process sees it. What is left of a dead process has its changes recorded nowhere.
func (f *inode) change(c change, recorded bool) {
	c.apply(&f.cache, f.pool)
	if recorded {
		if c.data != nil {
			c.data = f.pool.copyOf(c.data)
		}
		f.unsynced.add(c)
	}
}

// persist makes the changes up to an end durable.
func (f *inode) persist(end uint64) {
	for _, c := range f.unsynced.upTo(end) {
		c.apply(&f.durable, f.pool)
	}
	f.forget(end)
}

// forget takes the changes up to an end for written, as the kernel does after an error: the pages are clean, processes go
// on seeing them, and nothing writes them any more.
func (f *inode) forget(end uint64) {
	for _, c := range f.unsynced.upTo(end) {
		f.pool.takeBackBuffer(c.data)
	}
	f.unsynced.drop(end)
}

// fail is persist on a disk that fails.
func (f *inode) fail(end uint64) {
	f.broken = f.broken || len(f.unsynced.upTo(end)) > 0
	f.forget(end)
}

// report returns the error of a write-back that failed, once.
func (f *inode) report() error {
	if f.broken {
		f.broken = false
		return syscall.EIO
	}
	return nil
}

// handOver returns the file for the disk to go on with after a crash, or after a loss of power with what is durable. The
// file itself is left to what is left of the process, with all that that sees.
func (f *inode) handOver(powerLoss bool) *inode {
	next := &inode{pool: f.pool, durable: f.durable, unsynced: f.unsynced, broken: f.broken}
	f.durable, f.unsynced = content{}, queue[change]{}
	if powerLoss {
		next.forget(next.unsynced.end())
		next.broken = false
		next.cache = next.durable.copy()
	} else {
		next.cache = f.cache.copy()
	}
	return next
}

// release gives the memory back.
func (f *inode) release() {
	f.forget(f.unsynced.end())
	f.cache.truncate(0, f.pool)
	f.durable.truncate(0, f.pool)
}

// isFoundAt reports whether a loss of power leaves it at a place that it durably has. A file is left at all of them.
func (f *inode) isFoundAt(p place) bool {
	return f.dir == nil || f.dir.stored[len(f.dir.stored)-1] == p
}

// leave notes that it has lost a durable place.
func (f *inode) leave(p place) {
	if f != nil && f.dir != nil {
		f.dir.stored = slices.DeleteFunc(f.dir.stored, func(at place) bool { return at == p })
	}
}

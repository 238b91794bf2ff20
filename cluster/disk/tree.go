package disk

import (
	"maps"
	"slices"
	"time"
)

// tree is a directory of files: what processes see of them, and what would be found after a loss of power.
type tree struct {
	system  FileSystem
	pool    *pool
	names   map[string]*inode // as processes see them
	durable map[string]*inode // as they would be found after a loss of power
	renamed queue[nameChange] // what makes the first of the second
	inodes  []*inode          // all files that either has, or a process has open, in the order in which they were made
	// private is set once the tree belongs to what is left of a dead process, and the disk goes on with another.
	private bool
}

// nameChange gives a file a name, or takes one away, or both.
type nameChange struct {
	from, to string // empty if there is none
	file     *inode // that has the name to
	flushed  uint64 // up to where its changes are written back before the name is
}

func (c nameChange) apply(names map[string]*inode) {
	if c.from != "" {
		delete(names, c.from)
	}
	if c.to != "" {
		names[c.to] = c.file
	}
}

func newTree(system FileSystem, pool *pool) *tree {
	return &tree{system: system, pool: pool, names: map[string]*inode{}, durable: map[string]*inode{}}
}

// list returns the names in order.
func (t *tree) list() []string { return slices.Sorted(maps.Keys(t.names)) }

func (t *tree) create(name string) *inode {
	f := &inode{pool: t.pool}
	t.inodes = append(t.inodes, f)
	t.change(nameChange{to: name, file: f})
	return f
}

// rename gives a file another name, that of another file perhaps, which loses it.
func (t *tree) rename(from, to string) {
	c := nameChange{from: from, to: to, file: t.names[from]}
	if t.names[to] != nil && t.system.journaled() {
		c.flushed = c.file.unsynced.end()
	}
	t.change(c)
}

func (t *tree) remove(name string) { t.change(nameChange{from: name}) }

// change makes a change as processes see it.
func (t *tree) change(c nameChange) {
	c.apply(t.names)
	if t.private {
		return
	}
	t.renamed.add(c)
	if t.system == Lazy {
		t.persist(t.renamed.end())
	}
}

// persist makes the changes of names up to an end durable.
func (t *tree) persist(end uint64) {
	done := t.renamed.upTo(end)
	for _, c := range done {
		c.apply(t.durable)
		if c.flushed > 0 {
			c.file.persist(c.flushed)
		}
	}
	t.renamed.drop(end)
	if len(done) > 0 {
		t.sweep()
	}
}

// sweep takes back the memory of files that nobody can come to any more.
func (t *tree) sweep() {
	for _, f := range t.inodes {
		f.wanted = f.opened > 0
	}
	for _, names := range []map[string]*inode{t.names, t.durable} {
		for _, f := range names {
			f.wanted = true
		}
	}
	for _, c := range t.renamed.changes {
		if c.file != nil {
			c.file.wanted = true
		}
	}
	kept := t.inodes[:0]
	for _, f := range t.inodes {
		if f.wanted {
			kept = append(kept, f)
		} else {
			f.release()
		}
	}
	clear(t.inodes[len(kept):])
	t.inodes = kept
}

// settle does what the kernel does by itself until now: it writes back what is old. On a disk that fails, contents are
// lost by that; names stay in the journal.
func (t *tree) settle(now time.Time, failing bool) {
	if !t.system.journaled() {
		return
	}
	if !failing {
		t.persist(t.renamed.madeBefore(now.Add(-namesWait)))
	}
	for _, f := range t.inodes {
		if end := f.unsynced.madeBefore(now.Add(-contentsWait)); failing {
			f.fail(end)
		} else {
			f.persist(end)
		}
	}
}

// writeBack makes everything durable.
func (t *tree) writeBack() {
	t.persist(t.renamed.end())
	for _, f := range t.inodes {
		f.persist(f.unsynced.end())
	}
}

// keepPromise makes durable what a disk has reported as synced when it lied.
func (t *tree) keepPromise() {
	t.persist(t.renamed.confirmed)
	for _, f := range t.inodes {
		f.persist(f.unsynced.confirmed)
	}
}

// surviveSome makes durable what the kernel happens to have written back before its time.
func (t *tree) surviveSome(draw func(n int) int) {
	if t.system == Lazy {
		return
	}
	if t.system.journaled() {
		t.persist(t.renamed.drawn(draw))
	}
	for _, f := range t.inodes {
		f.surviveSome(draw)
	}
}

// handOver returns the tree for the disk to go on with after a crash, or after a loss of power with what is durable. The
// tree itself is left to what is left of the process, with all that that sees.
func (t *tree) handOver(powerLoss bool) *tree {
	next := newTree(t.system, t.pool)
	moved := map[*inode]*inode{nil: nil}
	for _, f := range t.inodes {
		moved[f] = f.handOver(powerLoss)
		next.inodes = append(next.inodes, moved[f])
	}
	for name, f := range t.durable {
		next.durable[name] = moved[f]
	}
	if powerLoss {
		next.names = maps.Clone(next.durable)
	} else {
		for name, f := range t.names {
			next.names[name] = moved[f]
		}
		next.renamed = t.renamed
		for i, c := range next.renamed.changes {
			next.renamed.changes[i].file = moved[c.file]
		}
	}
	t.private, t.durable, t.renamed = true, nil, queue[nameChange]{}
	next.sweep()
	return next
}

package disk

import (
	"cmp"
	"time"
)

// tree is the directories and files of a disk: what processes see of them, and what would be found after a loss of power.
type tree struct {
	system FileSystem
	pool   *pool
	root   *inode
	// journal is the changes of names in all directories. It is empty on Strict, where each directory has a journal of its own.
	journal *queue[nameChange]
	inodes  []*inode // all that can be reached by a name of either kind, or are open, in the order in which they were made
	// private is set once the tree belongs to what is left of a dead process, and the disk goes on with another.
	private bool
}

func newTree(system FileSystem, pool *pool) *tree {
	t := &tree{system: system, pool: pool, journal: &queue[nameChange]{}}
	t.root = t.newDirectory()
	t.inodes = []*inode{t.root}
	return t
}

func (t *tree) newDirectory() *inode {
	journal := t.journal
	if t.system == Strict {
		journal = &queue[nameChange]{}
	}
	return &inode{pool: t.pool, dir: &directory{names: map[string]*inode{}, durable: map[string]*inode{}, journal: journal}}
}

// add makes a file or directory, which has a name then.
func (t *tree) add(at place, f *inode) {
	t.inodes = append(t.inodes, f)
	t.change(nameChange{to: at, file: f})
}

// rename gives a file another name, that of another file perhaps, which loses it.
func (t *tree) rename(from, to place, f, over *inode) {
	c := nameChange{from: from, to: to, file: f}
	if over != nil && t.system.journaled() {
		c.flushed = f.unsynced.end()
	}
	t.change(c)
}

// change makes a change as processes see it.
func (t *tree) change(c nameChange) {
	c.apply((*directory).seen)
	switch from, to := c.journals(); {
	case t.private:
	case from == nil || to == nil || from == to:
		t.note(cmp.Or(to, from), c)
	default: // Strict: it takes a sync of both directories
		t.note(from, nameChange{from: c.from})
		t.note(to, nameChange{to: c.to, file: c.file})
	}
}

// note notes a change until it is durable.
func (t *tree) note(journal *queue[nameChange], c nameChange) {
	journal.add(c)
	if t.system == Lazy {
		t.persist(journal, journal.end())
	}
}

// persist makes the changes of names in a journal up to an end durable.
func (t *tree) persist(journal *queue[nameChange], end uint64) {
	done := journal.upTo(end)
	for _, c := range done {
		c.persist()
	}
	journal.drop(end)
	if len(done) > 0 {
		t.sweep()
	}
}

// journals are all that there are.
func (t *tree) journals() []*queue[nameChange] {
	if t.system != Strict {
		return []*queue[nameChange]{t.journal}
	}
	var all []*queue[nameChange]
	for _, f := range t.inodes {
		if f.dir != nil {
			all = append(all, f.dir.journal)
		}
	}
	return all
}

// synced is the journal of the names that a sync of a file or directory makes durable; nil if it makes none.
func (t *tree) synced(f *inode) *queue[nameChange] {
	switch {
	case f.dir != nil:
		return f.dir.journal
	case t.system.journaled():
		return t.journal
	default:
		return nil
	}
}

// settle does what the kernel does by itself until now: it writes back what is old. On a disk that fails, contents are
// lost by that; names stay in the journal.
func (t *tree) settle(now time.Time, failing bool) {
	if !t.system.journaled() {
		return
	}
	if !failing {
		t.persist(t.journal, t.journal.madeBefore(now.Add(-namesWait)))
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
	for _, j := range t.journals() {
		t.persist(j, j.end())
	}
	for _, f := range t.inodes {
		f.persist(f.unsynced.end())
	}
}

// keepPromise makes durable what a disk has reported as synced when it lied.
func (t *tree) keepPromise() {
	for _, j := range t.journals() {
		t.persist(j, j.confirmed)
	}
	for _, f := range t.inodes {
		f.persist(f.unsynced.confirmed)
	}
}

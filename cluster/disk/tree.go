package disk

import (
	"strings"
	"syscall"
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

// find returns where a path leads, and what is there, nil if there is nothing. The root has no place. What the path leads
// through must be there.
func (t *tree) find(path string) (at place, f *inode, err error) {
	if path == "." {
		return place{}, t.root, nil
	}
	f = t.root
	for more := true; more; {
		switch {
		case f == nil:
			return place{}, nil, syscall.ENOENT
		case f.dir == nil:
			return place{}, nil, syscall.ENOTDIR
		}
		at.dir = f
		at.name, path, more = strings.Cut(path, "/")
		f = f.dir.names[at.name]
	}
	return at, f, nil
}

// existing is find for what must be there.
func (t *tree) existing(path string) (at place, f *inode, err error) {
	at, f, err = t.find(path)
	if err == nil && f == nil {
		err = syscall.ENOENT
	}
	return at, f, err
}

// directory is existing for what must be a directory.
func (t *tree) directory(path string) (*inode, error) {
	_, f, err := t.existing(path)
	if err == nil && f.dir == nil {
		err = syscall.ENOTDIR
	}
	return f, err
}

// file is existing for what must be a file.
func (t *tree) file(path string) (place, *inode, error) {
	at, f, err := t.existing(path)
	if err == nil && f.dir != nil {
		err = syscall.EISDIR
	}
	return at, f, err
}

// read returns what is in a file.
func (t *tree) read(path string) ([]byte, error) {
	_, f, err := t.file(path)
	if err != nil {
		return nil, err
	}
	b := make([]byte, f.cache.size)
	f.cache.readAt(b, 0)
	return b, nil
}

// walk calls do with the path of everything below the root, in the order of names: a directory, and then what is in it.
func (t *tree) walk(do func(path string, f *inode)) {
	var below func(prefix string, d *directory)
	below = func(prefix string, d *directory) {
		for _, name := range d.list() {
			f := d.names[name]
			do(prefix+name, f)
			if f.dir != nil {
				below(prefix+name+"/", f.dir)
			}
		}
	}
	below("", t.root.dir)
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
	if t.private {
		return
	}
	for _, part := range c.parts() {
		journal := part.journal()
		journal.add(part)
		if t.system == Lazy {
			t.persist(journal, journal.end())
		}
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

// sweep takes back the memory of files that nobody can come to any more.
func (t *tree) sweep() {
	for _, f := range t.inodes {
		f.wanted = false
	}
	t.want(t.root)
	t.wantChanged(t.journal)
	for _, f := range t.inodes {
		if f.opened > 0 {
			t.want(f)
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

// want marks what somebody can come to, and what can be reached from there.
func (t *tree) want(f *inode) {
	if f.wanted {
		return
	}
	f.wanted = true
	if f.dir == nil {
		return
	}
	for _, names := range []map[string]*inode{f.dir.names, f.dir.durable} {
		for _, below := range names {
			t.want(below)
		}
	}
	if f.dir.journal != t.journal {
		t.wantChanged(f.dir.journal)
	}
}

func (t *tree) wantChanged(journal *queue[nameChange]) {
	for _, c := range journal.changes {
		if c.file != nil {
			t.want(c.file)
		}
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

// surviveSome makes durable what the kernel happens to have written back before its time.
func (t *tree) surviveSome(draw func(n int) int) {
	if t.system == Lazy {
		return
	}
	if t.system.journaled() {
		t.persist(t.journal, t.journal.drawn(draw))
	}
	for _, f := range t.inodes {
		f.surviveSome(draw)
	}
}

package disk

import "slices"

// AfterPowerLoss returns a new disk with what would be found on this one if the power went now, all of it durable. The
// configuration is the new disk's; its FaultRand draws what is left. This disk and the process on it go on as if nothing had
// happened, so that one run shows what a loss of power would do at each of its instants. The disk is not lying. What is kept
// in real files is not copied.
func (d *Disk) AfterPowerLoss(c Config) *Disk {
	next := New(c)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settle()
	left := d.files.clone(next.files.pool)
	left.surviveSome(c.FaultRand.IntN)
	next.files = left.handOver(true).as(c.FileSystem)
	return next
}

// as returns a tree on which everything is durable as that of another file system.
func (t *tree) as(system FileSystem) *tree {
	t.system, t.journal = system, &queue[nameChange]{}
	for _, f := range t.inodes {
		if f.dir != nil {
			f.dir.journal = t.newDirectory().dir.journal
		}
	}
	return t
}

// clone returns a copy of the tree, of which nothing is open.
func (t *tree) clone(pool *pool) *tree {
	next := &tree{system: t.system, pool: pool, journal: &queue[nameChange]{}}
	copies := map[*inode]*inode{nil: nil}
	for _, f := range t.inodes {
		copies[f] = f.clone(pool)
		if f.dir != nil {
			copies[f].dir = next.newDirectory().dir
		}
		next.inodes = append(next.inodes, copies[f])
	}
	for _, f := range t.inodes {
		if f.dir != nil {
			f.dir.cloneInto(copies[f].dir, copies)
		}
	}
	journals := next.journals()
	for i, journal := range t.journals() {
		*journals[i] = journal.clone(func(c nameChange) nameChange {
			c.from.dir, c.to.dir, c.file = copies[c.from.dir], copies[c.to.dir], copies[c.file]
			return c
		})
	}
	next.root = copies[t.root]
	return next
}

// cloneInto copies all but the journal.
func (d *directory) cloneInto(to *directory, copies map[*inode]*inode) {
	for name, f := range d.names {
		to.names[name] = copies[f]
	}
	for name, f := range d.durable {
		to.durable[name] = copies[f]
	}
	for _, at := range d.stored {
		to.stored = append(to.stored, place{copies[at.dir], at.name})
	}
}

// clone copies all but the directory.
func (f *inode) clone(pool *pool) *inode {
	return &inode{pool: pool, cache: f.cache.copy(), durable: f.durable.copy(), broken: f.broken,
		unsynced: f.unsynced.clone(func(c change) change {
			c.data = slices.Clone(c.data)
			return c
		})}
}

// clone returns a copy of the queue, with a copy of each change.
func (q *queue[C]) clone(each func(C) C) queue[C] {
	next := queue[C]{left: q.left, made: slices.Clone(q.made), confirmed: q.confirmed}
	for _, c := range q.changes {
		next.changes = append(next.changes, each(c))
	}
	return next
}

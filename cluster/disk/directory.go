package disk

import (
	"maps"
	"slices"
)

// directory is what an inode has that is one: the names in it.
type directory struct {
	names   map[string]*inode  // as processes see them
	durable map[string]*inode  // as they would be found after a loss of power
	journal *queue[nameChange] // what makes the first of the second; shared by all directories, except on Strict
	// stored are the places that the directory itself durably has, the newest last. On Strict there are several after it was
	// moved, while only the directories that it was moved to were synced: a loss of power leaves it at the newest.
	stored []place
}

func (d *directory) seen() map[string]*inode { return d.names }
func (d *directory) kept() map[string]*inode { return d.durable }

// list returns the names in order.
func (d *directory) list() []string { return slices.Sorted(maps.Keys(d.names)) }

// place is a name in a directory.
type place struct {
	dir  *inode
	name string
}

// nameChange gives a file a name, or takes one away, or both.
type nameChange struct {
	from, to place // without a directory if there is none
	file     *inode
	flushed  uint64 // up to where the file's changes are written back before the name is
}

// apply makes the change in one of the views of names.
func (c nameChange) apply(view func(*directory) map[string]*inode) {
	if c.from.dir != nil {
		delete(view(c.from.dir.dir), c.from.name)
	}
	if c.to.dir != nil {
		view(c.to.dir.dir)[c.to.name] = c.file
	}
}

// persist makes the change durable.
func (c nameChange) persist() {
	for _, p := range []place{c.from, c.to} {
		if p.dir != nil {
			p.dir.dir.durable[p.name].leave(p)
		}
	}
	c.apply((*directory).kept)
	if c.to.dir != nil && c.file.dir != nil {
		c.file.dir.stored = append(c.file.dir.stored, c.to)
	}
	if c.flushed > 0 {
		c.file.persist(c.flushed)
	}
}

// journals are those of the directories that the change is about.
func (c nameChange) journals() (from, to *queue[nameChange]) {
	if c.from.dir != nil {
		from = c.from.dir.dir.journal
	}
	if c.to.dir != nil {
		to = c.to.dir.dir.journal
	}
	return from, to
}

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
	// stored are the places that the directory itself durably has, the newest last. There are two on Strict while it was
	// moved and only the directory that it was moved to was synced: a loss of power leaves it at the newest.
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

// parts are the change, or on Strict what it is for either directory: it takes a sync of both.
func (c nameChange) parts() []nameChange {
	if c.from.dir == nil || c.to.dir == nil || c.from.dir.dir.journal == c.to.dir.dir.journal {
		return []nameChange{c}
	}
	return []nameChange{{from: c.from}, {to: c.to, file: c.file}}
}

// journal is where the change is noted until it is durable.
func (c nameChange) journal() *queue[nameChange] {
	if c.to.dir != nil {
		return c.to.dir.dir.journal
	}
	return c.from.dir.dir.journal
}

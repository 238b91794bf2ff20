package disk

import "maps"

// handOver returns the tree for the disk to go on with after a crash, or after a loss of power with what is durable. The
// tree itself is left to what is left of the process, with all that that sees.
func (t *tree) handOver(powerLoss bool) *tree {
	h := &handOver{powerLoss: powerLoss, moved: map[*inode]*inode{nil: nil}}
	next := &tree{system: t.system, pool: t.pool, journal: &queue[nameChange]{}}
	for _, f := range t.inodes {
		h.moved[f] = f.handOver(powerLoss)
		if f.dir != nil {
			h.moved[f].dir = next.newDirectory().dir
		}
		next.inodes = append(next.inodes, h.moved[f])
	}
	for _, f := range t.inodes {
		if f.dir != nil {
			h.names(f)
		}
	}
	journals := next.journals()
	for i, journal := range t.journals() {
		h.journal(journal, journals[i])
	}
	t.private, next.root = true, h.moved[t.root]
	next.sweep()
	return next
}

// handOver is how a tree becomes another one.
type handOver struct {
	powerLoss bool
	moved     map[*inode]*inode // what each file becomes
}

// names hands over what is in a directory.
func (h *handOver) names(f *inode) {
	from, to := f.dir, h.moved[f].dir
	for name, below := range from.durable {
		if !h.powerLoss || below.isFoundAt(place{f, name}) {
			to.durable[name] = h.moved[below]
		}
	}
	for _, at := range from.stored {
		if !h.powerLoss || f.isFoundAt(at) {
			to.stored = append(to.stored, h.place(at))
		}
	}
	if h.powerLoss {
		to.names = maps.Clone(to.durable)
	} else {
		for name, below := range from.names {
			to.names[name] = h.moved[below]
		}
	}
	from.durable = nil
}

// journal hands over changes of names, which a loss of power loses.
func (h *handOver) journal(from, to *queue[nameChange]) {
	if !h.powerLoss {
		*to = *from
		for i, c := range to.changes {
			to.changes[i].from, to.changes[i].to, to.changes[i].file = h.place(c.from), h.place(c.to), h.moved[c.file]
		}
	}
	*from = queue[nameChange]{}
}

func (h *handOver) place(p place) place { return place{h.moved[p.dir], p.name} }

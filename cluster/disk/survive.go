package disk

// surviveSome makes durable what the kernel happens to have written back before its time.
func (t *tree) surviveSome(draw func(n int) int) {
	if t.system == Lazy {
		return
	}
	if t.system.journaled() {
		t.persist(t.journal, t.journal.drawn(draw))
	}
	for _, f := range t.inodes {
		if t.system == Unordered {
			f.surviveByPage(draw)
		} else {
			f.surviveInOrder(draw)
		}
		f.forget(f.unsynced.end())
	}
}

// surviveInOrder makes a prefix of the changes durable that is drawn, and some sectors of the write behind it.
func (f *inode) surviveInOrder(draw func(n int) int) {
	f.persist(f.unsynced.drawn(draw))
	if len(f.unsynced.changes) > 0 {
		f.tear(f.unsynced.changes[0], draw)
	}
}

// tear makes some sectors of a write durable.
func (f *inode) tear(c change, draw func(n int) int) {
	n := int64(len(c.data))
	if n == 0 {
		return
	}
	first, last := c.off/sector, (c.off+n-1)/sector
	if kept := int64(draw(int(last - first + 1))); kept > 0 {
		f.durable.writeAt(c.data[:(first+kept)*sector-c.off], c.off, f.pool)
	}
}

// surviveByPage makes a prefix of the changes of each page durable, and some sectors of the write behind it. It first draws how
// many changes of size that are no writes are durable, with all that was done before them.
func (f *inode) surviveByPage(draw func(n int) int) {
	f.persist(f.drawnSize(draw))
	for _, history := range byPage(f.unsynced.changes) {
		n := draw(len(history) + 1)
		for _, c := range history[:n] {
			c.apply(&f.durable, f.pool)
		}
		if n < len(history) {
			f.tear(history[n], draw)
		}
	}
}

// drawnSize is the end of the changes up to a change of size, or up to none. Nothing is drawn if there is none.
func (f *inode) drawnSize(draw func(n int) int) uint64 {
	ends := []uint64{f.unsynced.left}
	for i, c := range f.unsynced.changes {
		if c.kind == resize {
			ends = append(ends, f.unsynced.left+uint64(i)+1)
		}
	}
	if len(ends) == 1 {
		return ends[0]
	}
	return ends[draw(len(ends))]
}

// byPage splits the writes at the head of some changes, before one of size, into those of each page. Pages are in the order in
// which they were first written.
func byPage(changes []change) (all [][]change) {
	index := map[int64]int{}
	for _, c := range changes {
		if c.kind == resize {
			break
		}
		for len(c.data) > 0 {
			page := c.off / pageSize
			n := min(int64(len(c.data)), (page+1)*pageSize-c.off)
			i, ok := index[page]
			if !ok {
				i = len(all)
				index[page], all = i, append(all, nil)
			}
			all[i] = append(all[i], change{kind: write, off: c.off, data: c.data[:n]})
			c.off, c.data = c.off+n, c.data[n:]
		}
	}
	return all
}

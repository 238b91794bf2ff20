package disk

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

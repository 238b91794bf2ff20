package disk

import "slices"

const pageSize = 4096

// page is a piece of a content. Pages are shared by copies of a content and copied when one of them changes.
type page struct {
	shared bool // by two contents at least, for ever
	bytes  [pageSize]byte
}

// pool keeps memory that is free: in a world nobody collects it.
type pool struct {
	pages   []*page
	buffers [][]byte
}

// page returns one of zeros.
func (p *pool) page() *page {
	if len(p.pages) == 0 {
		return &page{}
	}
	last := len(p.pages) - 1
	free := p.pages[last]
	p.pages = p.pages[:last]
	free.bytes = [pageSize]byte{}
	return free
}

func (p *pool) takeBack(free *page) {
	if free != nil && !free.shared {
		p.pages = append(p.pages, free)
	}
}

// copyOf returns a copy of bytes, in memory that was used before if the last buffer that came back has room.
func (p *pool) copyOf(b []byte) []byte {
	if last := len(p.buffers) - 1; last >= 0 && cap(p.buffers[last]) >= len(b) {
		free := p.buffers[last]
		p.buffers = p.buffers[:last]
		return append(free[:0], b...)
	}
	return append([]byte(nil), b...)
}

func (p *pool) takeBackBuffer(b []byte) {
	if cap(b) > 0 {
		p.buffers = append(p.buffers, b)
	}
}

// content is the bytes of a file. A page that is nil is a hole, of zeros.
type content struct {
	size  int64
	pages []*page
}

// readAt fills b with what is there from an offset on and returns how much that is.
func (c *content) readAt(b []byte, off int64) int {
	if off >= c.size {
		return 0
	}
	b = b[:min(int64(len(b)), c.size-off)]
	for done := 0; done < len(b); {
		at := off + int64(done)
		within := int(at % pageSize)
		piece := b[done:min(len(b), done+pageSize-within)]
		if p := c.pages[at/pageSize]; p != nil {
			copy(piece, p.bytes[within:])
		} else {
			clear(piece)
		}
		done += len(piece)
	}
	return len(b)
}

// data is how many bytes are in pages, and not in holes.
func (c *content) data() (n int) {
	for i, p := range c.pages {
		if p != nil {
			n += c.inPage(i)
		}
	}
	return n
}

// nthByte is the offset of the n-th byte of the data, from 0 on.
func (c *content) nthByte(n int) int64 {
	for i, p := range c.pages {
		if p == nil {
			continue
		}
		if n < c.inPage(i) {
			return int64(i)*pageSize + int64(n)
		}
		n -= c.inPage(i)
	}
	return c.size
}

// inPage is how many bytes of a page there are.
func (c *content) inPage(i int) int { return int(min(pageSize, c.size-int64(i)*pageSize)) }

// same reports whether a content is a copy of this one and neither was changed since.
func (c *content) same(d content) bool { return c.size == d.size && slices.Equal(c.pages, d.pages) }

// writeAt writes bytes, past the end if need be. What is between is a hole.
func (c *content) writeAt(b []byte, off int64, pool *pool) {
	for done := 0; done < len(b); {
		at := off + int64(done)
		done += copy(c.own(int(at/pageSize), pool).bytes[at%pageSize:], b[done:])
	}
	c.size = max(c.size, off+int64(len(b)))
	c.fill()
}

// fill makes holes of pages that are missing below the size.
func (c *content) fill() {
	for int64(len(c.pages))*pageSize < c.size {
		c.pages = append(c.pages, nil)
	}
}

// own returns a page that belongs to this content alone.
func (c *content) own(i int, pool *pool) *page {
	for len(c.pages) <= i {
		c.pages = append(c.pages, nil)
	}
	switch p := c.pages[i]; {
	case p == nil:
		c.pages[i] = pool.page()
	case p.shared:
		c.pages[i] = pool.page()
		c.pages[i].bytes = p.bytes
	}
	return c.pages[i]
}

// truncate makes the content size bytes long. What is added is a hole.
func (c *content) truncate(size int64, pool *pool) {
	if size < c.size {
		keep := int((size + pageSize - 1) / pageSize)
		for _, p := range c.pages[keep:] {
			pool.takeBack(p)
		}
		clear(c.pages[keep:])
		c.pages = c.pages[:keep]
		if within := size % pageSize; within > 0 && c.pages[keep-1] != nil {
			clear(c.own(keep-1, pool).bytes[within:]) // or it would be read again once the file grows
		}
	}
	c.size = size
	c.fill()
}

// copy returns another content with the same bytes, which shares the pages.
func (c *content) copy() content {
	for _, p := range c.pages {
		if p != nil && !p.shared { // what is shared by two disks is only read
			p.shared = true
		}
	}
	return content{size: c.size, pages: append([]*page(nil), c.pages...)}
}

package disk

import (
	"bytes"
	"io"
)

// readBuffer is for what is read of real files, some pages at once. A disk keeps it, because nobody collects memory in a world. The
// caller holds mu.
func (d *Disk) readBuffer() []byte {
	if d.buffer == nil {
		d.buffer = make([]byte, 64*pageSize)
	}
	return d.buffer
}

// compare calls differs for each page between two offsets that is not the same in a real file, which is as long at least, with
// the page's offset and the real file's bytes. It begins and ends with whole pages, as far as there are.
func (c *content) compare(real io.ReaderAt, from, to int64, buffer []byte, differs func(at int64, b []byte)) error {
	from -= from % pageSize
	to = min(c.size, (min(to, c.size)+pageSize-1)/pageSize*pageSize)
	for at := from; at < to; at += int64(len(buffer)) {
		b := buffer[:min(int64(len(buffer)), to-at)]
		if n, err := real.ReadAt(b, at); n < len(b) {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		for i := int64(0); i < int64(len(b)); i += pageSize {
			if page := b[i:min(i+pageSize, int64(len(b)))]; !c.holds(at+i, page) {
				differs(at+i, page)
			}
		}
	}
	return nil
}

// holds reports whether bytes are those of a page, or of its beginning.
func (c *content) holds(at int64, b []byte) bool {
	p := c.pages[at/pageSize]
	if p == nil {
		p = &hole
	}
	return bytes.Equal(p.bytes[:len(b)], b)
}

var hole page

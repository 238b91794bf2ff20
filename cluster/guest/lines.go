package guest

import (
	"bytes"
	"io"
)

// lines hands on what a program prints, line by line.
type lines struct {
	to   io.Writer
	rest []byte // of a line that has not ended
}

func (l *lines) write(b []byte) {
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			l.rest = append(l.rest, b...)
			return
		}
		_, _ = l.to.Write(append(append(l.rest, b[:i]...), '\n'))
		l.rest, b = l.rest[:0], b[i+1:]
	}
}

package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// lineReader reads lines of up to maxLine bytes.
type lineReader struct {
	r    *bufio.Reader
	long []byte // a line that does not fit the reader's buffer
	line int    // of the line last read, from 1
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 1<<16)}
}

// next returns the next line with its newline, which only the last one may lack. It is good until the
// next call. After the last line it returns io.EOF; other errors name the line.
func (l *lineReader) next() ([]byte, error) {
	l.line++
	b, err := l.r.ReadSlice('\n')
	if err == nil {
		return b, nil
	}
	l.long = l.long[:0]
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(l.long)+len(b) > maxLine {
			return nil, fmt.Errorf("line %d: longer than %d bytes", l.line, maxLine)
		}
		l.long = append(l.long, b...)
		b, err = l.r.ReadSlice('\n')
	}
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("line %d: %w", l.line, err)
	}
	if l.long = append(l.long, b...); len(bytes.TrimSuffix(l.long, []byte{'\n'})) >= maxLine {
		return nil, fmt.Errorf("line %d: longer than %d bytes", l.line, maxLine)
	}
	if len(l.long) == 0 {
		return nil, io.EOF
	}
	return l.long, nil
}

// window are bytes behind the line last read that need not be waited for. They are good until the next call.
func (l *lineReader) window() []byte {
	b, _ := l.r.Peek(l.r.Buffered()) // never fewer
	return b
}

// discard skips bytes of the window. The caller counts the lines.
func (l *lineReader) discard(n int) { _, _ = l.r.Discard(n) }

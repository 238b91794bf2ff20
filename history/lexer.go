package history

import (
	"errors"
	"fmt"
	"io"
)

// lexer reads EDN or JSON byte by byte and token by token, and knows where it is. It holds a window of its
// input that grows only for a token that does not fit, and refuses a form longer than maxLine.
type lexer struct {
	r     io.Reader
	buf   []byte // the window; buf[i:] is unread
	i     int
	mark  int   // buf[mark:i] is the token being read, which must stay in the window; -1 if there is none
	base  int64 // offset in the input of buf[0]
	err   error // what ended the input
	names *names

	line      int   // of buf[i], from 1
	lineStart int64 // the offset of its first byte
	form      int64 // the offset at which the form being read began; -1 between forms
}

// between is the form of a lexer that is in none.
const between = -1

func newLexer(r io.Reader) *lexer {
	return &lexer{r: r, buf: make([]byte, 0, 1<<16), mark: -1, names: new(names), line: 1, form: between}
}

// fill reads more input behind what is unread. False means that there is none, or the form is too long.
func (l *lexer) fill() bool {
	if l.err != nil {
		return false
	}
	if l.form != between && l.read() > maxLine {
		l.err = fmt.Errorf("a form is longer than %d bytes", maxLine)
		return false
	}
	keep := l.i
	if l.mark >= 0 {
		keep = l.mark
		l.mark = 0
	}
	l.base += int64(keep)
	l.i -= keep
	l.buf = l.buf[:copy(l.buf, l.buf[keep:])]
	if len(l.buf) == cap(l.buf) {
		l.buf = append(make([]byte, 0, 2*cap(l.buf)), l.buf...)
	}
	for range 100 {
		n, err := l.r.Read(l.buf[len(l.buf):cap(l.buf)])
		l.buf = l.buf[:len(l.buf)+n]
		if n > 0 {
			return true // an error comes again with the next read
		}
		if err != nil {
			l.err = err
			return false
		}
	}
	l.err = io.ErrNoProgress
	return false
}

// read is how many bytes of the form being read were read.
func (l *lexer) read() int { return int(l.base + int64(l.i) - l.form) }

// peek returns the next byte, or 0 at the end of the input.
func (l *lexer) peek() byte {
	if l.i < len(l.buf) || l.fill() {
		return l.buf[l.i]
	}
	return 0
}

// second returns the byte after the next one, or 0.
func (l *lexer) second() byte {
	if l.i+1 < len(l.buf) || l.i < len(l.buf) && l.fill() {
		return l.buf[l.i+1]
	}
	return 0
}

// ended tells whether the input is at its end.
func (l *lexer) ended() bool { return l.i >= len(l.buf) && !l.fill() }

// newline notes that the byte just read ended a line.
func (l *lexer) newline() {
	l.line++
	l.lineStart = l.base + int64(l.i)
}

// string reads a string, whose opening quote is next. The bytes between the quotes are good until the
// next read; escaped tells that there are escapes among them.
func (l *lexer) string() (raw []byte, escaped bool, err error) {
	begin := l.position()
	l.i++
	l.mark = l.i
	defer func() { l.mark = -1 }()
	for !l.ended() {
		c := l.buf[l.i]
		l.i++
		switch c {
		case '"':
			return l.buf[l.mark : l.i-1], escaped, nil
		case '\n':
			l.newline()
		case '\\':
			escaped = true
			if l.ended() {
				continue
			}
			if l.buf[l.i] == '\n' {
				return nil, false, l.errorf("a line ends inside an escape")
			}
			l.i++
		}
	}
	return nil, false, l.cutOff(begin, "this string has no end")
}

// position is a place in the input.
type position struct{ line, column int }

func (l *lexer) position() position {
	return position{l.line, int(l.base+int64(l.i)-l.lineStart) + 1}
}

func (p position) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: column %d: %s", p.line, p.column, fmt.Sprintf(format, args...))
}

func (l *lexer) errorf(format string, args ...any) error {
	return l.position().errorf(format, args...)
}

// cutOff is the error for input that ends too early. An input that could not be read says so instead.
func (l *lexer) cutOff(begin position, message string) error {
	if l.err != nil && !errors.Is(l.err, io.EOF) {
		return fmt.Errorf("line %d: %w", l.line, l.err)
	}
	return begin.errorf("%s", message)
}

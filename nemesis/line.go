package nemesis

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line reads one line of a schedule word by word. A word is what stands between spaces and the marks
// , | > each of which is a word of its own.
type line struct {
	number int
	text   string // without its comment
	from   int    // where the last word began
	to     int    // where it ended
}

func newLine(number int, text string) *line {
	text, _, _ = strings.Cut(text, "#")
	return &line{number: number, text: text}
}

const marks = ",|>"

// next returns the next word, and "" at the end of the line.
func (l *line) next() string {
	tail := strings.TrimLeftFunc(l.text[l.to:], unicode.IsSpace)
	l.from = len(l.text) - len(tail)
	n := strings.IndexFunc(tail, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(marks, c) })
	switch {
	case n < 0:
		n = len(tail)
	case n == 0: // a mark, since the space is cut off
		n = 1
	}
	l.to = l.from + n
	if n == 0 { // an error about what is missing points behind the last word, not behind the space or the comment
		l.from = len(strings.TrimRightFunc(l.text, unicode.IsSpace))
	}
	return tail[:n]
}

// peek returns the next word without moving on.
func (l *line) peek() string {
	ahead := *l
	return ahead.next()
}

// skip moves on over the next word if it is this one.
func (l *line) skip(word string) bool {
	if l.peek() != word {
		return false
	}
	l.next()
	return true
}

// errorf is an error at the last word.
func (l *line) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %s", l.position(), fmt.Sprintf(format, args...))
}

// find is the line standing at the first such word; without a word, or if there is none, at its beginning.
func (l *line) find(word string) *line {
	at := newLine(l.number, l.text)
	for w := at.next(); w != "" && word != ""; w = at.next() {
		if w == word {
			return at
		}
	}
	at = newLine(l.number, l.text)
	at.next()
	return at
}

// position is where the last word begins. Columns count characters, from 1.
func (l *line) position() string {
	return fmt.Sprintf("line %d, column %d", l.number, utf8.RuneCountInString(l.text[:l.from])+1)
}

package history

import "unicode/utf8"

// ednSpace are the bytes between forms, ednDelimiter those that end a token.
var (
	ednSpace     = bytesOf(" ,\t\r\n\f\v")
	ednDelimiter = bytesOf(" ,\t\r\n\f\v\"\\;()[]{}@^`~")
)

func bytesOf(s string) (set [256]bool) {
	for i := range len(s) {
		set[s[i]] = true
	}
	return set
}

// space skips what separates forms: white space, commas and comments, but not discarded forms.
func (l *lexer) space() {
	for !l.ended() {
		switch c := l.buf[l.i]; {
		case c == '\n':
			l.i++
			l.newline()
		case ednSpace[c]:
			l.i++
		case c == ';':
			l.comment()
		default:
			return
		}
	}
}

func (l *lexer) comment() {
	for !l.ended() && l.buf[l.i] != '\n' {
		l.i++
	}
}

// token reads up to the next delimiter. The bytes are good until the next read.
func (l *lexer) token() []byte {
	l.mark = l.i
	for !l.ended() && !ednDelimiter[l.buf[l.i]] {
		l.i++
	}
	t := l.buf[l.mark:l.i]
	l.mark = -1
	return t
}

// character reads what follows a backslash: one character, whatever it is, and what belongs to it.
func (l *lexer) character() []byte {
	l.i++
	l.mark = l.i
	for !l.ended() && (l.i == l.mark || !utf8.FullRune(l.buf[l.mark:l.i]) || !ednDelimiter[l.buf[l.i]]) {
		l.i++
	}
	t := l.buf[l.mark:l.i]
	l.mark = -1
	return t
}

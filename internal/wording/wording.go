// Package wording puts numbers into words, and makes text from any source fit for one line.
package wording

import (
	"strconv"
	"strings"
	"unicode"
)

// Grouped is a number with its thousands apart: 12,345.
func Grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count is a number of things: "1 key", "2,000 keys".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Grouped(n) + " " + noun + "s"
}

// Were is a number with its verb: "1 was", "2,000 were".
func Were(n int) string {
	if n == 1 {
		return "1 was"
	}
	return Grouped(n) + " were"
}

// Line is text fit to be shown: what cannot be printed, or changes the direction of what follows, is replaced, and the
// text is cut off after the longest number of runes.
func Line(text string, longest int) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > longest {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

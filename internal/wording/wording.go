// Package wording puts numbers into words, and makes text from any source fit for one line.
package wording

import (
	"strconv"
	"strings"
	"time"
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

// List joins words with commas and, before the last one, a conjunction: "a, b and c".
func List(words []string, conjunction string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// Duration is a time above 0 in its largest unit: "27.5 s", "287 ms".
func Duration(d time.Duration) string {
	unit, name := time.Second, " s"
	switch {
	case d < time.Microsecond:
		unit, name = time.Nanosecond, " ns"
	case d < time.Millisecond:
		unit, name = time.Microsecond, " µs"
	case d < time.Second:
		unit, name = time.Millisecond, " ms"
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(d)/float64(unit), 'f', 1, 64), ".0") + name
}

// After goes on with how long after something else a thing happened: ", 287 ms after". Without times, that is at 0 or less, it is " after".
func After(d time.Duration) string {
	if d <= 0 {
		return " after"
	}
	return ", " + Duration(d) + " after"
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

// MoreLikeIt says, behind a sentence about the first of some cases, how many others there are; nothing if it is the only one.
func MoreLikeIt(cases int) string {
	if cases <= 1 {
		return ""
	}
	return "; and " + Grouped(cases-1) + " more like it"
}

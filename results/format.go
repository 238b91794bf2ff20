package results

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// clock is a time in the unit that suits it, with three digits.
func clock(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + clock(-d)
	case d < time.Microsecond:
		return strconv.Itoa(int(d)) + "ns"
	case d < time.Millisecond:
		return digits(float64(d)/1e3) + "µs"
	case d < time.Second:
		return digits(float64(d)/1e6) + "ms"
	case d < 2*time.Minute:
		return digits(float64(d)/1e9) + "s"
	default:
		return d.Round(time.Second).String()
	}
}

func digits(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	default:
		return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
	}
}

// label is text fit to be shown: what cannot be printed, or changes the direction of what follows, is
// replaced, and what is too long cut off.
func label(text string, longest int) string {
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

package results

import (
	"strconv"
	"strings"
	"time"
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

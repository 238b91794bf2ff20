package nemesis

import (
	"strconv"
	"strings"
	"time"
)

// parseWord reads a word that the language demands.
func parseWord(l *line, word, example string) error {
	if got := l.next(); got != word {
		return l.errorf("%s should stand here, as in: %s", word, example)
	}
	return nil
}

// maxAmountOfTime is longer than any test, and so short that sums of such do not overflow.
const maxAmountOfTime = 1000 * time.Hour

// parseAmountOfTime reads a duration of at least so much.
func parseAmountOfTime(l *line, least time.Duration) (time.Duration, error) {
	word := l.next()
	d, err := time.ParseDuration(word)
	switch {
	case err != nil:
		return 0, l.errorf("%q is not a duration; give one such as 100ms", word)
	case d < least:
		return 0, l.errorf("%s is too short; give %v or more", word, least)
	case d > maxAmountOfTime:
		return 0, l.errorf("%s is too long; give %v or less", word, maxAmountOfTime)
	}
	return d, nil
}

// percent is a share in hundredths: more than 0 and at most 100.
type percent float64

func parsePercent(l *line) (percent, error) {
	word := l.next()
	digits, ok := strings.CutSuffix(word, "%")
	p, err := strconv.ParseFloat(digits, 64)
	if !ok || err != nil || !(p > 0 && p <= 100) { // said so that it refuses NaN
		return 0, l.errorf("%q is not a share; give more than 0%% and at most 100%%, such as 20%%", word)
	}
	return percent(p), nil
}

func (p percent) String() string { return strconv.FormatFloat(float64(p), 'g', -1, 64) + "%" }

func (p percent) share() float64 { return float64(p) / 100 }

// byteUnits are those of the language, the largest first.
var byteUnits = []struct {
	name  string
	bytes int64
}{{"MB", 1e6}, {"kB", 1e3}, {"B", 1}}

// parseBytes reads a whole number of bytes with its unit, from one to most. The tail is what comes after the
// unit.
func parseBytes(word, tail string, most int64) (bytes int64, ok bool) {
	for _, u := range byteUnits {
		if digits, ok := strings.CutSuffix(word, u.name+tail); ok {
			n, err := strconv.ParseInt(digits, 10, 64)
			return n * u.bytes, err == nil && n > 0 && n <= most/u.bytes
		}
	}
	return 0, false
}

func formatBytes(n int64) string {
	for _, u := range byteUnits {
		if n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return "" // not reached: every number is one of bytes
}

package nemesis

import (
	"strconv"
	"strings"

	"faultline/cluster"
)

var throttle = impairVerb{
	kind:  byThrottle,
	name:  "throttle",
	usage: "to 20kB/s",
	parse: func(l *line) (degree, error) {
		if err := parseWord(l, "to", "to 20kB/s"); err != nil {
			return nil, err
		}
		return parseBandwidth(l)
	},
	none: bandwidth(0),
}

// bandwidth is how many bytes a second a link passes on. What is sent faster waits in a queue.
type bandwidth int64

// bandwidthUnits are those of the language, the largest first.
var bandwidthUnits = []struct {
	name  string
	bytes bandwidth
}{{"MB/s", 1e6}, {"kB/s", 1e3}, {"B/s", 1}}

// maxBandwidth is more than any link has, in bytes a second.
const maxBandwidth = bandwidth(1e12)

func parseBandwidth(l *line) (bandwidth, error) {
	word := l.next()
	for _, u := range bandwidthUnits {
		digits, ok := strings.CutSuffix(word, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err == nil && n > 0 && bandwidth(n) <= maxBandwidth/u.bytes {
			return bandwidth(n) * u.bytes, nil
		}
		break
	}
	return 0, l.errorf("%q is no bandwidth; give a whole number of B/s, kB/s or MB/s, such as 20kB/s", word)
}

func (b bandwidth) String() string {
	for _, u := range bandwidthUnits {
		if b%u.bytes == 0 {
			return "to " + strconv.FormatInt(int64(b/u.bytes), 10) + u.name
		}
	}
	return "" // not reached: every number is one of bytes
}

func (b bandwidth) set(i cluster.Impairments, from, to string) { i.Limit(from, to, int64(b)) }

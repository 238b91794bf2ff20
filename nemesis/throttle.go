package nemesis

import "faultline/cluster"

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

// maxBandwidth is more than any link has, in bytes a second.
const maxBandwidth = 1e12

func parseBandwidth(l *line) (bandwidth, error) {
	word := l.next()
	n, ok := parseBytes(word, "/s", maxBandwidth)
	if !ok {
		return 0, l.errorf("%q is not a bandwidth; give a whole number of B/s, kB/s or MB/s, such as 20kB/s", word)
	}
	return bandwidth(n), nil
}

func (b bandwidth) String() string { return "to " + formatBytes(int64(b)) + "/s" }

func (b bandwidth) set(i cluster.Impairments, from, to string) { i.Limit(from, to, int64(b)) }

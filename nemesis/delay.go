package nemesis

import (
	"time"

	"faultline/cluster"
)

var delay = impairVerb{
	kind:  byDelay,
	name:  "delay",
	usage: "by 100ms, or by 100ms jitter 50ms",
	parse: func(l *line) (degree, error) {
		if err := parseWord(l, "by", "by 100ms"); err != nil {
			return nil, err
		}
		base, err := parseAmountOfTime(l, time.Nanosecond)
		if err != nil || !l.skip("jitter") {
			return latency{base: base}, err
		}
		jitter, err := parseAmountOfTime(l, time.Nanosecond)
		return latency{base, jitter}, err
	},
	none: latency{},
}

// latency is a delay that is added to the link's own: base plus an exponential tail of mean jitter. The tail
// is long: one segment in fifty takes four times the jitter.
type latency struct{ base, jitter time.Duration }

func (d latency) String() string {
	if d.jitter == 0 {
		return "by " + d.base.String()
	}
	return "by " + d.base.String() + " jitter " + d.jitter.String()
}

func (d latency) set(i cluster.Impairments, from, to string) { i.Delay(from, to, d.base, d.jitter) }

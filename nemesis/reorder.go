package nemesis

import (
	"time"

	"faultline/cluster"
)

var reorder = impairVerb{
	kind:  byReorder,
	name:  "reorder",
	usage: "by 100ms",
	parse: func(l *line) (degree, error) {
		if err := parseWord(l, "by", "by 100ms"); err != nil {
			return nil, err
		}
		d, err := parseAmountOfTime(l, time.Nanosecond)
		return held(d), err
	},
	none: held(0),
}

// held is how long, at most, every second segment is held while others pass it. Each connection keeps its
// order, as TCP sees to that; it is the connections that overtake each other.
type held time.Duration

func (d held) String() string { return "by " + time.Duration(d).String() }

func (d held) set(i cluster.Impairments, from, to string) { i.Reorder(from, to, time.Duration(d)) }

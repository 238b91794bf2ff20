package nemesis

import "faultline/cluster"

var loss = impairVerb{
	kind:  byLoss,
	name:  "loss",
	usage: "20%",
	parse: func(l *line) (degree, error) {
		p, err := parsePercent(l)
		if err == nil && p == 100 {
			err = l.errorf("a loss of all is a partition")
		}
		return lost(p), err
	},
	none: lost(0),
}

// lost is the share of segments that a link loses. TCP sends them again, so that they are late, by 200 ms and
// more, and what follows on the same connection with them.
type lost percent

func (p lost) String() string { return percent(p).String() }

func (p lost) set(i cluster.Impairments, from, to string) { i.Lose(from, to, percent(p).share()) }

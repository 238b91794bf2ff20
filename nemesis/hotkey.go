package nemesis

import "faultline/cluster"

var hotKey = loadVerb{
	kind:  byHotKey,
	name:  "hot-key",
	usage: "90%, the share of operations that go to one key",
	parse: func(l *line) (burden, error) {
		p, err := parsePercent(l)
		return hot{p}, err
	},
	none: hot{},
}

// hot is the share of operations that all go to one key.
type hot struct{ percent }

func (h hot) put(on cluster.Load) { on.HotKey(h.share()) }

// lighter has nothing to offer: any share says as much to whoever reads it.
func (hot) lighter() []burden { return nil }

package nemesis

import (
	"math/rand/v2"
	"slices"
)

var partitionFamily = family{
	Family: Family{
		Name:    "partition",
		Summary: "cut links: around one node, a minority or the leader, into halves, a ring or a bridge, or one way only",
	},
	nodes: 2,
	begin: func(rng *rand.Rand, on Subject) Action {
		var shapes []shape
		for _, s := range partitionShapes {
			if len(on.Nodes) >= s.nodes {
				shapes = append(shapes, s)
			}
		}
		return shapes[rng.IntN(len(shapes))].draw(rng, on.Nodes)
	},
	end: heal{},
}

// shape is a way to divide nodes.
type shape struct {
	name  string
	nodes int // how many it needs
	draw  func(rng *rand.Rand, nodes []string) partition
}

var partitionShapes = []shape{
	{"one", 2, func(rng *rand.Rand, nodes []string) partition { return split(rng, nodes, 1) }},
	{"minority", 3, func(rng *rand.Rand, nodes []string) partition {
		return split(rng, nodes, 1+rng.IntN(minority.size(len(nodes))))
	}},
	{"halves", 2, func(rng *rand.Rand, nodes []string) partition { return split(rng, nodes, len(nodes)/2) }},
	{"ring", 4, ring},
	{"bridge", 3, bridge},
	{"leader", 2, func(*rand.Rand, []string) partition {
		return partition{groups: []targets{{symbol: theLeader}, {symbol: theRest}}}
	}},
	{"one way", 2, oneWay},
}

// split cuts some nodes off from the others.
func split(rng *rand.Rand, nodes []string, size int) partition {
	p := rng.Perm(len(nodes))
	return partition{groups: []targets{pick(nodes, p[:size]), pick(nodes, p[size:])}}
}

// ring lets each node see itself and as many neighbours on either side as make a majority, and no more.
// No two nodes see the same. Fewer than four nodes are all neighbours.
func ring(rng *rand.Rand, nodes []string) partition {
	n := len(nodes)
	p := rng.Perm(n)
	side := (n/2 + 1) / 2
	var r partition
	for i := range p {
		var window []string // any two nodes at most side apart are together in a window
		for j := i; j <= i+side; j++ {
			window = append(window, nodes[p[j%n]])
		}
		r.groups = append(r.groups, targets{names: window})
	}
	return r
}

// bridge makes two halves that have one node in common.
func bridge(rng *rand.Rand, nodes []string) partition {
	p := rng.Perm(len(nodes))
	half := len(nodes) / 2
	return partition{groups: []targets{pick(nodes, p[:half+1]), pick(nodes, p[half:])}}
}

// oneWay loses what a node or the leader sends, or what is sent to it.
func oneWay(rng *rand.Rand, nodes []string) partition {
	groups := split(rng, nodes, 1).groups
	if rng.IntN(2) == 0 {
		groups = []targets{{symbol: theLeader}, {symbol: theRest}}
	}
	if rng.IntN(2) == 0 {
		slices.Reverse(groups)
	}
	return partition{groups: groups, oneWay: true}
}

// pick names the nodes at these positions, in the order of nodes.
func pick(nodes []string, positions []int) targets {
	var t targets
	for i, name := range nodes {
		if slices.Contains(positions, i) {
			t.names = append(t.names, name)
		}
	}
	return t
}

package nemesis

import "math/rand/v2"

var duplicateFamily = family{
	Family: Family{Name: "duplicate", Summary: "connection attempts arrive twice, and a server sees connections that end at once"},
	nodes:  2,
	begin: func(rng *rand.Rand, on Subject) Action {
		return duplicate{drawSymbol(rng, nodeSymbols, len(on.Nodes)), percent(10 + rng.IntN(91))}
	},
	end: end{&duplicateFault},
}

var resetFamily = family{
	Family: Family{Name: "reset", Summary: "break all connections of one node, a minority, a majority, all or the leader at an instant"},
	nodes:  2,
	begin: func(rng *rand.Rand, on Subject) Action {
		return reset{scope{groups: []targets{drawSymbol(rng, nodeSymbols, len(on.Nodes))}}}
	},
}

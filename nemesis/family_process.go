package nemesis

import "math/rand/v2"

var crashFamily = family{
	Family: Family{
		Name: "crash",
		Also: []string{"kill"},
		Summary: "kill one node, a minority, a majority, all or the leader, one time in four by power loss; " +
			"restart after a while",
	},
	nodes: 1,
	begin: func(rng *rand.Rand, on Subject) Action {
		verb := &crash
		if rng.IntN(4) == 0 {
			verb = &powerloss
		}
		return nodeAction{verb, drawTargets(rng, verb, len(on.Nodes))}
	},
	end: nodeAction{&restart, targets{symbol: all}},
}

var pauseFamily = family{
	Family: Family{
		Name:    "pause",
		Summary: "stop one node, a minority, a majority, all or the leader, as SIGSTOP does; resume after a while",
	},
	nodes: 1,
	begin: func(rng *rand.Rand, on Subject) Action {
		return nodeAction{&pause, drawTargets(rng, &pause, len(on.Nodes))}
	},
	end: nodeAction{&resume, targets{symbol: all}},
}

// drawTargets draws whom a verb aims at.
func drawTargets(rng *rand.Rand, v *nodeVerb, nodes int) targets {
	return drawSymbol(rng, v.symbols, nodes)
}

// drawSymbol draws a symbol that stands for at least one node. It draws no names: only at the time of the fault is it
// known whom it can hurt, since another family may have taken nodes down meanwhile.
func drawSymbol(rng *rand.Rand, among []symbol, nodes int) targets {
	var symbols []symbol
	for _, s := range among {
		if !s.random() || s.size(nodes) > 0 {
			symbols = append(symbols, s)
		}
	}
	return targets{symbol: symbols[rng.IntN(len(symbols))]}
}

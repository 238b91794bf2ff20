package nemesis

import (
	"math/rand/v2"

	"faultline/cluster"
)

var membership = aspect{
	now:      func(r *Runner) []states { return r.members },
	possible: func(f *forecast) []states { return f.members },
	subject:  membershipOf,
}

// membershipOf is the subject of changes of membership in a history. It is not the node itself, which can be
// paused or down at the same time.
func membershipOf(node string) string { return "membership of " + node }

// A fault of membership lasts until the node is a voter again.
var (
	remove = nodeVerb{name: "remove", of: &membership, from: voter | nonvoter, to: outside, begins: true,
		symbols: []symbol{theLeader, one, minority}, call: become(cluster.Outside)}
	demote = nodeVerb{name: "demote", of: &membership, from: voter, to: nonvoter, begins: true,
		symbols: []symbol{theLeader, one, minority}, call: become(cluster.Nonvoter)}
	addNonvoter = nodeVerb{name: "add-nonvoter", of: &membership, from: outside, to: nonvoter, begins: true,
		symbols: []symbol{one, all}, call: become(cluster.Nonvoter)}
	promote = nodeVerb{name: "promote", of: &membership, from: nonvoter, to: voter,
		symbols: []symbol{one, all}, call: become(cluster.Voter)}
	add = nodeVerb{name: "add", of: &membership, from: outside | nonvoter, to: voter, heals: true,
		symbols: []symbol{one, all}, call: become(cluster.Voter)}
)

func become(as cluster.Membership) func(cluster.Faults) func(string) error {
	return func(f cluster.Faults) func(string) error {
		if f.Members == nil {
			return nil
		}
		return func(node string) error { return f.Members.Become(node, as) }
	}
}

// minVoters is how many of n nodes stay voters. With fewer, one more fault would leave no majority.
func minVoters(n int) int { return n/2 + 1 }

// spareVoters reports whether more nodes are, or may be, voters than must stay.
func spareVoters(nodes []states) bool {
	voters := 0
	for _, s := range nodes {
		if s&voter != 0 {
			voters++
		}
	}
	return voters > minVoters(len(nodes))
}

var membershipFamily = family{
	Family: Family{
		Name:    "membership",
		Also:    []string{"member"},
		Summary: "remove one node, a minority or the leader, or take its vote, and add it again after a while; or replace it by an empty one",
	},
	nodes: 3,
	begin: func(rng *rand.Rand, on Subject) Action {
		verb := &remove
		switch rng.IntN(4) {
		case 0:
			verb = &demote
		case 1:
			return replace{drawSymbol(rng, replaceSymbols, len(on.Nodes))}
		}
		return nodeAction{verb, drawSymbol(rng, verb.symbols, len(on.Nodes))}
	},
	end: nodeAction{&add, targets{symbol: all}},
}

package nemesis

import (
	"math/rand/v2"
	"time"
)

var loadFamily = family{
	Family: Family{
		Name: theLoad,
		Summary: "make the load of clients heavier: bursts of operations, most of them on one key, values of 1 to 7 kB, " +
			"or many slow clients",
	},
	begin: func(rng *rand.Rand, _ Subject) Action { return loads[rng.IntN(len(loads))](rng) },
	end:   end{&anyLoad},
}

var loads = []func(*rand.Rand) Action{
	func(rng *rand.Rand) Action { return loadAction{&burst, factor(octaves(rng, 2, 3))} },
	func(rng *rand.Rand) Action { return loadAction{&hotKey, hot{percent(50 + rng.IntN(51))}} },
	func(rng *rand.Rand) Action { return loadAction{&largeValues, 1000 * size(octaves(rng, 1, 3))} },
	func(rng *rand.Rand) Action {
		return loadAction{&slowClients, crowd{int(octaves(rng, 2, 5)), octaves(rng, 10, 6) * time.Millisecond}}
	},
}

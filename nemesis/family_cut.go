package nemesis

import (
	"math/rand/v2"
	"time"
)

var onewayFamily = family{
	Family: Family{Name: "oneway", Summary: "lose everything that one node or the leader sends, or receives; the other direction works"},
	nodes:  2,
	begin:  func(rng *rand.Rand, on Subject) Action { return oneway{scope(oneWay(rng, on.Nodes))} },
	end:    end{&onewayFault},
}

var chaseFamily = family{
	Family: Family{Name: "chase", Summary: "cut off the leader, and each new leader, for as long as it lasts"},
	nodes:  2,
	begin: func(rng *rand.Rand, _ Subject) Action {
		return chase{every: microseconds(rng, 50*time.Millisecond, 800*time.Millisecond)}
	},
	end: end{&chaseFault},
}

var flapFamily = family{
	Family: Family{Name: "flap", Summary: "a partition that comes and goes several times a second"},
	nodes:  2,
	begin: func(rng *rand.Rand, on Subject) Action {
		p := partitionFamily.begin(rng, on).(partition)
		return flap{scope(p), microseconds(rng, 100*time.Millisecond, 700*time.Millisecond)}
	},
	end: end{&flapFault},
}

// microseconds draws a duration that is printed in a few digits.
func microseconds(rng *rand.Rand, low, high time.Duration) time.Duration {
	return uniform(rng, low, high).Truncate(time.Microsecond)
}

package nemesis

import (
	"math/rand/v2"
	"time"
)

var clockFamily = family{
	Family: Family{
		Name: "clock",
		Summary: "let the clock of one node, a minority, a majority, all or the leader jump, drift, or jump back and forth; " +
			"set it right after a while",
	},
	nodes: 1,
	begin: func(rng *rand.Rand, on Subject) Action {
		fault := clockFaults[rng.IntN(len(clockFaults))](rng)
		if rng.IntN(2) == 0 { // by whose clock the most is decided
			return clockAction{targets{symbol: theLeader}, fault}
		}
		return clockAction{drawSymbol(rng, clockSymbols, len(on.Nodes)), fault}
	},
	end: clockAction{targets{symbol: all}, correct{}},
}

var clockFaults = []func(*rand.Rand) clockFault{
	func(rng *rand.Rand) clockFault { return jump{shift(rng, 10*time.Second)} },
	func(rng *rand.Rand) clockFault { return drift{driftRates[rng.IntN(len(driftRates))]} },
	func(rng *rand.Rand) clockFault {
		return strobe{shift(rng, 2*time.Second), time.Duration(1+rng.IntN(500)) * time.Millisecond}
	},
}

// driftRates are far more than a quartz is off by: what is off by 20 ppm takes hours to be off by a lease.
var driftRates = []int64{-900_000, -500_000, -200_000, -50_000, 50_000, 200_000, 1_000_000, 9_000_000}

// shift draws how far a clock jumps: forward or back, and less than a second as often as more. What is less than
// a heartbeat apart decides nothing.
func shift(rng *rand.Rand, most time.Duration) time.Duration {
	const least = 100 * time.Millisecond
	octaves := 0
	for least<<(octaves+1) <= most {
		octaves++
	}
	low := least << rng.IntN(octaves+1)
	d := uniform(rng, low, min(2*low, most)).Truncate(time.Millisecond)
	if rng.IntN(2) == 0 {
		return -d
	}
	return d
}

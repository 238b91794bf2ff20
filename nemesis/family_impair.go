package nemesis

import (
	"math/rand/v2"
	"time"
)

// impairFamily draws one verb on some links to a drawn degree. Degrees are spread over orders of magnitude:
// what hurts depends on the time-outs of the system.
func impairFamily(v *impairVerb, summary string, draw func(*rand.Rand) degree) family {
	return family{
		Family: Family{Name: v.name, Summary: summary},
		nodes:  2,
		begin: func(rng *rand.Rand, on Subject) Action {
			return impair{v, drawScope(rng, len(on.Nodes)), draw(rng)}
		},
		end: endOf(v.name),
	}
}

var delayFamily = impairFamily(&delay, "make links slow to deliver, by 5 ms to a second, evenly or with a long tail",
	func(rng *rand.Rand) degree {
		d := latency{base: octaves(rng, 5, 7) * time.Millisecond}
		if rng.IntN(2) == 0 {
			d.jitter = octaves(rng, 5, 7) * time.Millisecond
		}
		return d
	})

var lossFamily = impairFamily(&loss, "lose a share of what links carry, 1 to 60 percent: late by retransmission, never missing",
	func(rng *rand.Rand) degree { return lost(octaves(rng, 1, 6)) })

var throttleFamily = impairFamily(&throttle, "let links carry no more than 1 to 100 kB a second; queues grow",
	func(rng *rand.Rand) degree { return bandwidth(octaves(rng, 1, 7)) * 1000 })

var reorderFamily = impairFamily(&reorder, "let connections overtake each other, by up to 10 ms to a second",
	func(rng *rand.Rand) degree { return held(octaves(rng, 10, 6) * time.Millisecond) })

// octaves draws a number from low to less than low times two to the power of count, each doubling as likely.
func octaves(rng *rand.Rand, low, count int) time.Duration {
	low <<= rng.IntN(count)
	return time.Duration(low + rng.IntN(low))
}

// drawScope draws links by symbols, one time in four in one direction.
func drawScope(rng *rand.Rand, nodes int) scope {
	if rng.IntN(4) > 0 {
		return scope{groups: []targets{drawSymbol(rng, nodeSymbols, nodes)}}
	}
	groups := []targets{drawSymbol(rng, []symbol{theLeader, one, minority}, nodes), {symbol: theRest}}
	if rng.IntN(2) == 0 {
		groups[0], groups[1] = groups[1], groups[0]
	}
	return scope{groups: groups, oneWay: true}
}

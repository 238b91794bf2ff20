package generate

import (
	"math/rand/v2"

	"faultline/internal/audit/oracle"
)

// permit is what a process holds of a lock.
type permit struct{ times, token int }

// newLock gives out tokens that grow, in most histories.
func newLock(g *run) service {
	holders, token := map[string]map[int]permit{}, 0
	careless := drawFlaw(g.r)
	tokens := pick(g.r, []string{"none", "number", "map", "some"})
	reenters, stuck := g.r.IntN(2) == 0, drawFlaw(g.r)
	return service{
		draw: drawLock(oracle.NilValue()),
		do: func(c *call) (oracle.Value, answer) {
			held := holders[c.key]
			if held == nil {
				held = map[int]permit{}
				holders[c.key] = held
			}
			mine, mineIs := held[c.process]
			if c.f == "release" {
				return oracle.Value{}, give(held, c.process, careless.happens(g.r))
			}
			switch {
			case mineIs && reenters:
				mine.times++
			case len(held) > 0 && !careless.happens(g.r):
				return oracle.Value{}, blocked
			default:
				if !stuck.happens(g.r) {
					token++
				}
				mine = permit{1, token}
			}
			held[c.process] = mine
			return spellToken(g.r, tokens, mine.token), done
		},
		wrong: func(r *rand.Rand, _ *pool, f string, _ oracle.Value) oracle.Value {
			if f == "release" {
				return oracle.Value{}
			}
			return spellToken(r, tokens, 1+r.IntN(4))
		},
	}
}

// give takes one back.
func give(held map[int]permit, process int, careless bool) answer {
	mine, ok := held[process]
	if !ok && !careless {
		return blocked
	}
	if mine.times--; mine.times > 0 {
		held[process] = mine
	} else {
		delete(held, process)
	}
	return done
}

func drawLock(argument oracle.Value) func(*rand.Rand, *pool) (string, oracle.Value) {
	return func(r *rand.Rand, _ *pool) (string, oracle.Value) {
		if r.IntN(2) == 0 {
			return "release", oracle.NilValue()
		}
		return "acquire", argument
	}
}

func spellToken(r *rand.Rand, kind string, token int) oracle.Value {
	if kind == "none" || kind == "some" && r.IntN(2) == 0 {
		return oracle.Value{}
	}
	if kind == "map" {
		if r.IntN(8) == 0 {
			token = 0
		}
		return oracle.MapValue(oracle.OtherValue(":client"), oracle.TextValue("n1"), oracle.OtherValue(":fence"), oracle.IntValue(token))
	}
	return oracle.IntValue(token)
}

// newSemaphore has two permits, as its clients know.
func newSemaphore(g *run) service {
	holders, careless := map[string]map[int]permit{}, drawFlaw(g.r)
	return service{
		draw: drawLock(oracle.IntValue(2)),
		do: func(c *call) (oracle.Value, answer) {
			held := holders[c.key]
			if held == nil {
				held = map[int]permit{}
				holders[c.key] = held
			}
			if c.f == "release" {
				return oracle.Value{}, give(held, c.process, careless.happens(g.r))
			}
			permits := 0
			for _, p := range held {
				permits += p.times
			}
			if permits >= 2 && !careless.happens(g.r) {
				return oracle.Value{}, blocked
			}
			held[c.process] = permit{times: held[c.process].times + 1}
			return oracle.Value{}, done
		},
		wrong: wrongNothing,
	}
}

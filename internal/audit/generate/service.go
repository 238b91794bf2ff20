package generate

import (
	"math/rand/v2"
	"slices"
	"time"

	"faultline/internal/audit/oracle"
)

// service is a store of objects that are judged as a whole. It works, except for flaws that are drawn.
type service struct {
	draw  func(r *rand.Rand, p *pool) (f string, input oracle.Value)
	do    func(c *call) (oracle.Value, answer)
	wrong func(r *rand.Rand, p *pool, f string, input oracle.Value) oracle.Value
	alone bool // its histories have no keys
	final bool // its clients read once more in the end
}

// services are made anew for each history, by the name of the model.
var services = map[string]func(g *run) service{
	"set-final":           newSet("add"),
	"set-full":            newSet("add"),
	"causal-reverse":      newSet("write", "write", "add"),
	"unique-ids":          newIDs,
	"counter-bounds":      newCounter,
	"g-counter":           newCounter,
	"pn-counter":          newCounter,
	"bank":                newBank,
	"total-queue":         newQueue,
	"at-least-once-queue": newQueue,
	"lock":                newLock,
	"reentrant-lock":      newLock,
	"semaphore":           newSemaphore,
	"long-fork":           newRegisters,
	"monotonic":           newSequence,
	"kafka":               newLogs,
	"versioned-register":  newVersions,
}

// Service draws a history of the clients of a store that is to be judged as a whole, by a model of that name. Replicas had time to agree
// when what began at settled or later began; it is 0 if nothing says so.
func Service(r *rand.Rand, model string, o Options) (events []oracle.Event, settled time.Duration) {
	if o.Operations == 0 {
		o.Operations = 10
	}
	if o.Keys == 0 {
		o.Keys = 3
	}
	if model == "causal" {
		return inTurn(r, o), 0
	}
	g := &run{r: r, shape: newShape(r, o), pool: newPool(r)}
	g.claims = noClaims
	s := services[model](g)
	if s.alone {
		g.keys = []string{""}
	}
	g.object = object{draw: s.draw, wrong: s.wrong}
	g.do = s.do
	g.first = pick(r, []int{0, 0, 0, 7, 1 << 20})
	g.start()
	for g.invoked < g.operations || len(g.open) > 0 {
		g.act()
	}
	if r.IntN(4) == 0 {
		spoil(r, g.pool, g.object, g.events)
	}
	if r.IntN(4) == 0 {
		deny(r, g.events)
	}
	if s.final && r.IntN(6) > 0 {
		settled = g.end()
	}
	return g.events, settled
}

// deny has an operation fail that may have taken effect.
func deny(r *rand.Rand, events []oracle.Event) {
	if e := &events[r.IntN(len(events))]; e.Type == oracle.OK {
		e.Type, e.Value = oracle.Fail, oracle.Value{}
	}
}

// end has every object read once more or twice, after all was settled. The time of that is told, or operations are marked, or both, or
// some of them.
func (g *run) end() (settled time.Duration) {
	begin := len(g.events)
	g.info, g.fail = pick(g.r, []float64{0, 0, 0.2}), pick(g.r, []float64{0, 0, 0.2})
	g.now += time.Duration(g.r.IntN(2)) * time.Second
	at := g.now + 1
	g.draw = func(*rand.Rand, *pool) (string, oracle.Value) { return "read", oracle.NilValue() }
	keys := g.keys
	for range 1 + g.r.IntN(2) {
		for _, k := range keys {
			g.keys = []string{k}
			for g.operations = g.invoked + g.r.IntN(6)/2; g.invoked < g.operations; {
				g.act()
			}
		}
	}
	for len(g.open) > 0 {
		g.act()
	}
	if g.r.IntN(4) > 0 {
		share := pick(g.r, []float64{0.5, 1, 1})
		for i := begin - g.r.IntN(2); i < len(g.events); i++ {
			g.events[i].Final = g.r.Float64() < share
		}
	}
	if g.r.IntN(3) == 0 {
		return at
	}
	return 0
}

// flaw is a fault of a store: nothing of the kind happens in half of all histories.
type flaw float64

func drawFlaw(r *rand.Rand) flaw { return flaw(pick(r, []float64{0, 0, 0, 0.1, 0.3, 0.6})) }

func (f flaw) happens(r *rand.Rand) bool { return r.Float64() < float64(f) }

// newSet keeps what was added at every moment, for reads that are stale. Some reads lack an element that others have.
func newSet(adds ...string) func(g *run) service {
	return func(g *run) service {
		versions := map[string][][]oracle.Value{}
		forgets, lags, lacks := drawFlaw(g.r), drawFlaw(g.r), drawFlaw(g.r)
		return service{
			final: true,
			draw: func(r *rand.Rand, p *pool) (string, oracle.Value) {
				f, input := drawSet(r, p)
				if f == "add" {
					f = pick(r, adds)
				}
				return f, input
			},
			do: func(c *call) (oracle.Value, answer) {
				all := versions[c.key]
				now := []oracle.Value{}
				if len(all) > 0 {
					now = slices.Clone(all[len(all)-1])
				}
				if c.f != "read" {
					if !slices.ContainsFunc(now, c.input.Equal) && !forgets.happens(g.r) {
						now = slices.Insert(now, g.r.IntN(len(now)+1), c.input)
					}
					versions[c.key] = append(all, now)
					return oracle.Value{}, done
				}
				if len(all) > 0 && lags.happens(g.r) {
					now = slices.Clone(pick(g.r, all))
				}
				if len(now) > 0 && lacks.happens(g.r) {
					now = slices.Delete(now, 0, 1)
				}
				return drawSetValue(g.r, now), done
			},
			wrong: wrongList,
		}
	}
}

// drawSetValue spells a set as a list or as a set.
func drawSetValue(r *rand.Rand, elements []oracle.Value) oracle.Value {
	switch {
	case len(elements) == 0 && r.IntN(2) == 0:
		return oracle.NilValue()
	case r.IntN(4) == 0:
		return oracle.SetValue(elements...)
	}
	return oracle.ListValue(elements...)
}

func newIDs(g *run) service {
	next := map[string]int{}
	again := drawFlaw(g.r)
	return service{
		draw: func(*rand.Rand, *pool) (string, oracle.Value) { return "generate", oracle.NilValue() },
		do: func(c *call) (oracle.Value, answer) {
			if !again.happens(g.r) {
				next[c.key]++
			}
			return g.values[next[c.key]%len(g.values)], done
		},
		wrong: func(r *rand.Rand, p *pool, _ string, _ oracle.Value) oracle.Value { return p.any(r) },
	}
}

// newCounter keeps the count at every moment.
func newCounter(g *run) service {
	if g.r.IntN(2) == 0 {
		g.counting, g.steps = []string{"add", "read"}, integers[:1+g.r.IntN(4)]
	}
	if g.r.IntN(8) == 0 {
		g.steps = []oracle.Value{oracle.IntValue(1<<63 - 1), oracle.IntValue(-1 << 63), oracle.IntValue(1), oracle.IntValue(-1)}
	}
	counts := map[string][]oracle.Value{}
	forgets, lags := drawFlaw(g.r), drawFlaw(g.r)
	return service{
		final: true,
		draw:  drawCounter,
		do: func(c *call) (oracle.Value, answer) {
			all := counts[c.key]
			var held []oracle.Value
			if len(all) > 0 {
				held = all[len(all)-1:]
			}
			if c.f == "read" && len(all) > 0 && lags.happens(g.r) {
				return pick(g.r, all), done
			}
			held = slices.Clone(held)
			output, _ := applyCounter(&held, c.f, c.input)
			if c.f != "read" && !forgets.happens(g.r) {
				counts[c.key] = append(all, held...)
			}
			return output, done
		},
		wrong: wrongCount,
	}
}

// newSequence is a counter whose additions tell the new count, and on which clients see old counts.
func newSequence(g *run) service {
	counts := map[string][]oracle.Value{}
	forgets, lags := drawFlaw(g.r), drawFlaw(g.r)
	return service{
		draw: func(r *rand.Rand, _ *pool) (string, oracle.Value) {
			return pick(r, []string{"inc", "read", "read"}), oracle.NilValue()
		},
		do: func(c *call) (oracle.Value, answer) {
			all := counts[c.key]
			if len(all) == 0 {
				all = []oracle.Value{oracle.IntValue(0)}
			}
			seen := all[len(all)-1]
			if lags.happens(g.r) {
				seen = pick(g.r, all)
			}
			if c.f == "inc" {
				seen = oracle.IntValue(seen.Int() + 1)
				if !forgets.happens(g.r) {
					counts[c.key] = append(all, seen)
				}
			}
			return seen, done
		},
		wrong: func(r *rand.Rand, _ *pool, _ string, _ oracle.Value) oracle.Value {
			return oracle.IntValue(r.IntN(6) - 1)
		},
	}
}

// newQueue forgets elements, and gives some out again.
func newQueue(g *run) service {
	held, given := map[string][]oracle.Value{}, map[string][]oracle.Value{}
	forgets, again := drawFlaw(g.r), drawFlaw(g.r)
	functions := pick(g.r, [][]string{{"enqueue", "dequeue"}, {"enqueue", "enqueue", "dequeue", "drain"}, {"enqueue", "dequeue", "dequeue", "drain"}})
	return service{
		draw: func(r *rand.Rand, p *pool) (string, oracle.Value) {
			f := pick(r, functions)
			if f == "enqueue" {
				return f, p.next(r)
			}
			return f, oracle.NilValue()
		},
		do: func(c *call) (oracle.Value, answer) {
			all := held[c.key]
			switch {
			case c.f == "enqueue":
				if !forgets.happens(g.r) {
					held[c.key] = append(all, c.input)
				}
				return oracle.Value{}, done
			case c.f == "drain":
				held[c.key] = nil
				given[c.key] = append(given[c.key], all...)
				return oracle.ListValue(all...), done
			case len(given[c.key]) > 0 && again.happens(g.r):
				return pick(g.r, given[c.key]), done
			case len(all) == 0:
				return oracle.NilValue(), done
			}
			at := g.r.IntN(len(all))
			out := all[at]
			held[c.key] = slices.Delete(slices.Clone(all), at, at+1)
			given[c.key] = append(given[c.key], out)
			return out, done
		},
		wrong: func(r *rand.Rand, p *pool, f string, input oracle.Value) oracle.Value {
			if f == "drain" {
				return wrongList(r, p, "read", input)
			}
			return wrongElement(r, p, f, input)
		},
	}
}

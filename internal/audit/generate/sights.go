package generate

import (
	"math/rand/v2"
	"slices"

	"faultline/internal/audit/oracle"
)

func step(kind string, rest ...oracle.Value) oracle.Value {
	return oracle.ListValue(append([]oracle.Value{oracle.OtherValue(":" + kind)}, rest...)...)
}

// newRegisters are registers that are written once, on replicas that get the writes in one order or in orders of their own.
func newRegisters(g *run) service {
	next, forks := map[string]int{}, drawFlaw(g.r)
	replicas := make([]map[string][]int, 2) // the registers that are written, by key
	for i := range replicas {
		replicas[i] = map[string][]int{}
	}
	late := map[string][]int{} // which the second replica does not have yet
	names := 2 + g.r.IntN(4)
	return service{
		draw: func(r *rand.Rand, _ *pool) (string, oracle.Value) {
			if r.IntN(3) == 0 { // which key it is of is not known here, so each has registers to spare
				next[""]++
				return pick(r, []string{"write", "txn"}), oracle.ListValue(step("w", oracle.IntValue(next[""]), oracle.IntValue(next[""])))
			}
			var steps []oracle.Value
			for _, at := range r.Perm(names)[:1+r.IntN(min(3, names))] {
				steps = append(steps, step("r", oracle.IntValue(max(next[""]-at, 1+at)), oracle.NilValue()))
			}
			slices.SortFunc(steps, func(a, b oracle.Value) int { return a.Items()[1].Int() - b.Items()[1].Int() })
			steps = slices.CompactFunc(steps, func(a, b oracle.Value) bool { return a.Items()[1].Equal(b.Items()[1]) })
			return pick(r, []string{"read", "txn"}), oracle.ListValue(steps...)
		},
		do: func(c *call) (oracle.Value, answer) {
			steps := c.input.Items()
			if steps[0].Items()[0].String() == ":w" {
				name := steps[0].Items()[1].Int()
				replicas[0][c.key] = append(replicas[0][c.key], name)
				if late[c.key] = append(late[c.key], name); forks.happens(g.r) {
					slices.Reverse(late[c.key])
				}
				return c.input, done
			}
			for len(late[c.key]) > 0 && g.r.IntN(2) == 0 {
				replicas[1][c.key] = append(replicas[1][c.key], late[c.key][0])
				late[c.key] = slices.Delete(slices.Clone(late[c.key]), 0, 1)
			}
			return readSteps(steps, replicas[g.r.IntN(2)][c.key]), done
		},
		wrong: func(r *rand.Rand, _ *pool, f string, input oracle.Value) oracle.Value {
			if f != "read" {
				return oracle.Value{}
			}
			var seen []int
			for name := range 6 {
				if r.IntN(2) == 0 {
					seen = append(seen, name)
				}
			}
			return readSteps(input.Items(), seen)
		},
	}
}

func readSteps(steps []oracle.Value, written []int) oracle.Value {
	var found []oracle.Value
	for _, s := range steps {
		value := oracle.NilValue()
		if slices.Contains(written, s.Items()[1].Int()) {
			value = s.Items()[1]
		}
		found = append(found, step("r", s.Items()[1], value))
	}
	return oracle.ListValue(found...)
}

// inTurn draws a history of registers on each of which one client works at a time.
func inTurn(r *rand.Rand, o Options) []oracle.Event {
	g := &run{r: r, shape: newShape(r, o), pool: newPool(r)}
	g.claims = noClaims
	g.keys = g.keys[:1+r.IntN(len(g.keys))]
	forgets, lags := drawFlaw(r), drawFlaw(r)
	turns := map[string]*turn{}
	open := map[string]*call{}
	for i, k := range g.keys {
		turns[k] = &turn{process: i, versions: []oracle.Value{pick(r, []oracle.Value{oracle.NilValue(), oracle.IntValue(0)})}}
	}
	for g.invoked < g.operations || len(open) > 0 {
		key := pick(r, g.keys)
		t := turns[key]
		c := open[key]
		switch {
		case c == nil && g.invoked < g.operations:
			c = &call{process: t.process, key: key}
			c.f, c.input = t.next(r)
			open[key] = c
			g.invoked++
			g.record(c, oracle.Invoke, c.input, "")
			continue
		case c == nil:
			continue
		}
		delete(open, key)
		t.complete(g, c, forgets, lags)
	}
	return g.events
}

// turn is where the client of a key is.
type turn struct {
	process  int
	count    int
	written  int
	versions []oracle.Value
}

func (t *turn) next(r *rand.Rand) (string, oracle.Value) {
	t.count++
	switch {
	case t.count == 1 && r.IntN(4) > 0:
		return "read-init", oracle.NilValue()
	case t.count%2 == 0 && r.IntN(5) > 0 || r.IntN(6) == 0:
		t.written++
		return "write", oracle.IntValue(t.written)
	}
	return "read", oracle.NilValue()
}

func (t *turn) complete(g *run, c *call, forgets, lags flaw) {
	n := g.r.Float64()
	if c.f == "write" && n >= g.info+g.fail && !forgets.happens(g.r) || n < g.info && g.r.IntN(2) == 0 && c.f == "write" {
		t.versions = append(t.versions, c.input)
	}
	found := t.versions[len(t.versions)-1]
	if lags.happens(g.r) {
		found = pick(g.r, t.versions)
	}
	if g.r.Float64() < g.mistaken {
		found = oracle.IntValue(g.r.IntN(4))
	}
	switch {
	case n < g.info:
		g.record(c, oracle.Info, g.repeated(c), "timeout")
		t.process += 100
	case n < g.info+g.fail:
		g.record(c, oracle.Fail, g.repeated(c), "")
	case c.f == "write":
		g.record(c, oracle.OK, g.repeated(c), "")
	default:
		g.record(c, oracle.OK, found, "")
	}
}

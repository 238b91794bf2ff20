package exact

import "slices"

// choice is between two orders of two writers of at least one common key; a is the smaller.
type choice struct{ a, b int32 }

// literal is a choice that is made: 2·i for the first transaction of choice i before the second, 2·i+1 for the other way round. Those below certain
// are choices that were forced, see forced.
type literal int32

// certain is the literal of what follows from no choice.
const certain literal = -1

func (l literal) not() literal { return l ^ 1 }

// choices are those that are not forced by what is known.
type choices struct {
	p    *problem
	g    *graph
	open []choice
	// forced are the choices that were made because the other one is impossible.
	forced []forced
}

// collect finds all pairs of writers whose order is not known from the start, and tells whether that was within the bound.
func (c *choices) collect() bool {
	v := c.p.versions
	for key := range int32(c.p.h.Keys) {
		versions := c.p.unordered(key)
		pairs := int64(len(versions)) * int64(len(versions))
		if !c.p.reserve(pairs/2, choiceBytes) || c.p.left() < pairs {
			return false
		}
		c.p.steps -= pairs
		for i, a := range versions {
			for _, b := range versions[i+1:] {
				first, second := c.p.chosen(v.Writer[a]), c.p.chosen(v.Writer[b])
				c.open = append(c.open, choice{min(first, second), max(first, second)})
			}
		}
	}
	slices.SortFunc(c.open, func(x, y choice) int {
		if x.a != y.a {
			return int(x.a - y.a)
		}
		return int(x.b - y.b)
	})
	c.open = slices.Compact(c.open)
	return true
}

// each calls f for the edges that follow if a comes before b: they overwrite in this order, and who read from a had not seen b.
func (p *problem) each(a, b int32, lit literal, f func(edge)) {
	mine, others := p.versionsOf(a), p.versionsOf(b)
	for i, j := 0, 0; i < len(mine) && j < len(others); {
		key, other := p.keys[mine[i]], p.keys[others[j]]
		switch {
		case key < other:
			i++
			continue
		case key > other:
			j++
			continue
		}
		f(edge{from: p.commit(a), to: p.overwriting(p.versions.Writer[others[j]]), why: overwrote, lit: lit, key: key})
		for _, r := range p.versions.Readers(mine[i]) {
			if e, ok := p.anti(r, p.commit(b), lit, key); ok && r != b {
				f(e)
			}
		}
		i++
		j++
	}
}

// order adds that a comes before b. If that closes a cycle its edges are returned, and the graph has some of the edges.
func (p *problem) order(g *graph, a, b int32, lit literal) []edge {
	var cycle []edge
	p.each(a, b, lit, func(e edge) {
		p.steps--
		if cycle == nil {
			cycle = g.add(e)
		}
	})
	return cycle
}

// parts divides the open choices into those that can be made independently: by the strongly connected components of a graph with all edges
// of all of them. The last result is false if the bound was met.
func (c *choices) parts() (parts [][]choice, done bool) {
	kept := len(c.g.edges)
	link := func(e edge) {
		c.p.steps--
		c.g.link(e)
	}
	for _, x := range c.open {
		if c.p.left() <= 0 {
			return nil, false
		}
		c.p.each(x.a, x.b, certain, link)
		c.p.each(x.b, x.a, certain, link)
	}
	component := c.g.components(c.g.related)
	c.g.unlink(kept)
	byComponent := map[int32]int{}
	for _, x := range c.open {
		k := component[c.p.commit(x.a)]
		i, known := byComponent[k]
		if !known {
			i = len(parts)
			byComponent[k] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], x)
	}
	return parts, true
}

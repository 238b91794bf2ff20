package isolation

// cycles finds the kinds of all simple cycles of a graph.
type cycles struct {
	edges   graph
	unknown set // transactions of unknown outcome
	found   map[string]bool
}

// path is what counts of a path from a transaction.
type path struct {
	start, end int
	visited    set
	kinds      uint8 // bits of relation
	antis      uint8 // how many anti-dependencies; 2 stands for more
	adjacent   bool  // two of them in a row
	first      bool  // the first edge is one
	last       bool  // the last edge is one
}

func (c cycles) search() {
	been := map[path]bool{}
	for start := range c.edges[ww] {
		c.extend(path{start: start, end: start, visited: set(0).with(start)}, been)
	}
}

// extend goes on from a path to every transaction behind its start, and back to the start.
func (c cycles) extend(p path, been map[path]bool) {
	if been[p] {
		return
	}
	been[p] = true
	for r := range relations {
		for next := p.start; next < len(c.edges[r]); next++ {
			if !c.edges[r][p.end].has(next) {
				continue
			}
			longer := p.along(r, next)
			switch {
			case next == p.start:
				c.name(longer)
			case !p.visited.has(next):
				longer.visited = longer.visited.with(next)
				c.extend(longer, been)
			}
		}
	}
}

func (p path) along(r relation, next int) path {
	anti := r == itemRW || r == predicateRW
	p.first = p.first || anti && p.end == p.start
	p.adjacent = p.adjacent || anti && p.last
	p.end, p.last, p.kinds = next, anti, p.kinds|1<<r
	if anti {
		p.antis = min(p.antis+1, 2)
	}
	return p
}

func (p path) has(r relation) bool { return p.kinds>>r&1 == 1 }

// name gives a cycle its names.
func (c cycles) name(p path) {
	suffix := ""
	switch {
	case p.has(inRealTime):
		suffix = "-realtime"
	case p.has(inSession):
		suffix = "-process"
	}
	call := func(name string) {
		c.found[name+suffix] = true
		if p.antis > 0 && !p.has(predicateRW) {
			c.found[name+"-item"+suffix] = true
		}
	}
	switch {
	case p.antis == 0 && (p.has(wr) || p.visited&c.unknown != 0):
		call("G1c")
	case p.antis == 0:
		call("G0")
	case p.antis == 1:
		call("G-single")
		call("G2")
	default:
		if !p.adjacent && !(p.first && p.last) {
			call("G-nonadjacent")
		}
		call("G2")
	}
}

package isolation

import "math"

// relation is a kind of dependency.
type relation uint8

const (
	ww relation = iota
	wr
	itemRW
	predicateRW
	inSession // where sessions count
	inRealTime
	relations
)

// graph is Adya's direct serialization graph: for each kind of dependency and each transaction those that depend on it.
type graph [relations][]set

func newGraph(transactions int) graph {
	var g graph
	for r := range g {
		g[r] = make([]set, transactions)
	}
	return g
}

// add notes that b depends on a, unless one of them is nobody or both are the same.
func (g *graph) add(r relation, a, b int) {
	if a != b && a != initial && b != initial {
		g[r][a] = g[r][a].with(b)
	}
}

// dependencies are those of the whole order. What a scan returned belongs to its predicate only, or was read as an item as well.
func (e *execution) dependencies(scannedItems bool) graph {
	g := newGraph(len(e.h.Transactions))
	before := map[precedence]relation{bySession: inSession, byRealTime: inRealTime}[e.precedence]
	for _, chain := range e.chains {
		for v := range chain[1:] {
			g.add(ww, chain[v].by, chain[v+1].by)
		}
	}
	for _, t := range e.order {
		for _, r := range e.reads[t] {
			chain := e.chains[r.key]
			g.add(wr, chain[r.version].by, t)
			if r.version+1 == len(chain) {
				continue
			}
			if r.scan && (r.version == 0 || !scannedItems) {
				g.add(predicateRW, t, chain[r.version+1].by)
			} else {
				g.add(itemRW, t, chain[r.version+1].by)
			}
		}
		for _, earlier := range e.order {
			if e.before[t].has(earlier) {
				g.add(before, earlier, t)
			}
		}
	}
	return g
}

// reaches reports whether there is a path of the given relations from a to b, through some transactions only.
func (g *graph) reaches(a, b int, through set, along ...relation) bool {
	reached := set(0).with(a)
	for grown := true; grown; {
		grown = false
		for t := range g[ww] {
			if !reached.has(t) {
				continue
			}
			for _, r := range along {
				if next := g[r][t] & through &^ reached; next != 0 {
					reached |= next
					grown = true
				}
			}
		}
	}
	return reached.has(b)
}

// cycle reports whether some anti-dependency of the first kinds is on a cycle of otherwise the second kinds.
func (g *graph) cycle(through set, anti, others []relation) bool {
	for _, r := range anti {
		for a := range g[r] {
			for b := range g[r] {
				if through.has(a) && through.has(b) && g[r][a].has(b) && g.reaches(b, a, through, others...) {
					return true
				}
			}
		}
	}
	return false
}

var (
	all          = ^set(0)
	antis        = []relation{itemRW, predicateRW}
	items        = []relation{itemRW}
	forward      = []relation{ww, wr, inSession, inRealTime}
	anything     = []relation{ww, wr, inSession, inRealTime, itemRW, predicateRW}
	noPredicates = []relation{ww, wr, inSession, inRealTime, itemRW}
)

// noG2 proscribes each cycle with an anti-dependency: PL-3.
func noG2(e *execution) bool {
	g := e.dependencies(true)
	return !g.cycle(all, antis, anything)
}

// noGSingle proscribes cycles with exactly one anti-dependency: PL-2+.
func noGSingle(e *execution) bool {
	g := e.dependencies(true)
	return !g.cycle(all, antis, forward)
}

// noG2Item proscribes cycles with an anti-dependency on an item: PL-2.99, in Adya's words.
func noG2Item(e *execution) bool {
	g := e.dependencies(true)
	return !g.cycle(all, items, anything)
}

// noG2OfItems proscribes them only where no predicate is involved.
func noG2OfItems(e *execution) bool {
	g := e.dependencies(false)
	return !g.cycle(all, items, noPredicates)
}

// noGUpdate proscribes cycles with anti-dependencies of the transactions that write and at most one that only reads: PL-3U.
func noGUpdate(e *execution) bool {
	var updates set
	for _, t := range e.order {
		if !e.h.Transactions[t].readOnly() {
			updates = updates.with(t)
		}
	}
	g := e.dependencies(true)
	for _, t := range e.order {
		if g.cycle(updates.with(t), antis, anything) {
			return false
		}
	}
	return true
}

// noAdjacent proscribes cycles without two anti-dependencies in a row: snapshot isolation, as Cerone and Gotsman (2016) characterize it.
func noAdjacent(e *execution) bool {
	g := e.dependencies(true)
	return g.acyclic(forward, nil)
}

// acyclic reports whether there is no cycle of steps, each of which is a dependency of the first kinds and at most one anti-dependency behind it,
// or a dependency of the other kinds.
func (g *graph) acyclic(before, alone []relation) bool {
	steps := newGraph(len(g[ww]))
	for a := range g[ww] {
		for _, r := range alone {
			steps[ww][a] |= g[r][a]
		}
		for _, r := range before {
			for b := range g[ww] {
				if g[r][a].has(b) {
					steps[ww][a] |= g[itemRW][b] | g[predicateRW][b] | 1<<b
				}
			}
		}
	}
	for a := range g[ww] {
		for b := range g[ww] {
			if steps[ww][a].has(b) && steps.reaches(b, a, all, ww) {
				return false
			}
		}
	}
	return true
}

// noGCursor proscribes lost updates: a transaction that read a version of an item and wrote the item, and another that wrote in
// between: PL-CS. What a scan returned are items as well, or not.
func noGCursor(scannedItems bool) func(e *execution) bool {
	return func(e *execution) bool {
		for _, t := range e.order {
			for _, r := range e.reads[t] {
				if r.scan && (r.version == 0 || !scannedItems) {
					continue
				}
				for v := r.version + 2; v < len(e.chains[r.key]); v++ {
					if e.chains[r.key][v].by == t {
						return false
					}
				}
			}
		}
		return true
	}
}

// monotonicView proscribes G-monotonic: a read of a version that one has overwritten on which an earlier event of the transaction
// depends: PL-2L. Adya splits the transaction into its events to say so.
func monotonicView(e *execution, t int, reads []read) bool {
	var on set // all on which the transaction depends
	for _, r := range reads {
		seen := e.dependsOn(t, reads, r.step)
		if e.overwritten(r, seen) {
			return false
		}
		on |= seen
	}
	e.sees[t] = e.dependsOn(t, reads, math.MaxInt) | on
	return true
}

// dependsOn are the transactions on which the events of t before a step depend, through others too.
func (e *execution) dependsOn(t int, reads []read, step int) set {
	var on set
	add := func(by int) {
		if by != initial {
			on |= e.sees[by].with(by)
		}
	}
	for _, r := range reads {
		if r.step < step {
			add(e.chains[r.key][r.version].by)
		}
	}
	for _, s := range e.h.Transactions[t].Steps {
		if s.Kind != Read && s.At < step {
			chain := e.chains[s.Key]
			add(chain[len(chain)-1].by)
		}
	}
	return on
}

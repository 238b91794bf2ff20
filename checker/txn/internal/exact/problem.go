package exact

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/wr"
)

// problem is what has to be ordered, and what is known of the order.
type problem struct {
	bounds
	h        *wr.History
	level    Level
	options  Options
	graph    *graph // nil as long as there is none
	versions *wr.Versions
	own      []int32 // the versions of transaction t are own[firstOwn[t]:firstOwn[t+1]], in order of keys
	firstOwn []int32
	keys     []int32 // of each version
	last     []int32 // of each step, see unfold
}

func newProblem(h *wr.History, level Level, o Options) *problem {
	o = o.withDefaults()
	order := make([]int32, h.Len())
	for t := range order {
		order[t] = int32(t)
	}
	left := bounds{steps: o.Steps, stop: o.Stop, limit: o.Memory}
	p := &problem{bounds: left, h: h, level: level, options: o, versions: wr.NewVersions(h, order)}
	if level == MonotonicView {
		p.last = lastSteps(h)
	}
	p.groupVersions()
	return p
}

// groupVersions notes which versions each transaction wrote.
func (p *problem) groupVersions() {
	p.firstOwn = make([]int32, p.h.Len()+1)
	for _, t := range p.versions.Writer {
		p.firstOwn[p.chosen(t)+1]++
	}
	for t := range p.h.Len() {
		p.firstOwn[t+1] += p.firstOwn[t]
	}
	end := slices.Clone(p.firstOwn)
	p.own, p.keys = make([]int32, len(p.versions.Writer)), make([]int32, len(p.versions.Writer))
	for key := range int32(p.h.Keys) {
		for i := p.versions.First[key]; i < p.versions.First[key+1]; i++ {
			t := p.chosen(p.versions.Writer[i])
			p.own[end[t]], p.keys[i] = i, key
			end[t]++
		}
	}
}

// chosen is what stands for a transaction in choices: the last of its steps, where the history is unfolded.
func (p *problem) chosen(t int32) int32 {
	if p.last != nil {
		return p.last[t]
	}
	return t
}

// versionsOf are the versions that a transaction wrote.
func (p *problem) versionsOf(t int32) []int32 { return p.own[p.firstOwn[t]:p.firstOwn[t+1]] }

// transaction is whose node it is; none if it is nobody's.
func (p *problem) transaction(node int32) int32 {
	if p.level.split() {
		node /= 2
	}
	if int(node) >= p.h.Len() {
		return none
	}
	return node
}

// points are the nodes of transactions in the order of a graph.
func (p *problem) points(g *graph) []Point {
	var points []Point
	for _, node := range g.order() {
		if t := p.transaction(node); t != none {
			points = append(points, Point{t, p.level.split() && node == p.begin(t)})
		}
	}
	return points
}

// known is the graph of what holds whatever the order of versions is. If it has a cycle, its edges are returned. The last result is false if the
// bound was met before that was known.
func (p *problem) known() (g *graph, cycle []edge, done bool) {
	g = p.facts()
	if cycle = g.sort(p.moment); cycle != nil {
		return g, cycle, true
	}
	cycle, done = p.sighted(g)
	return g, cycle, done
}

// facts is the graph of what holds whatever the order of versions is.
func (p *problem) facts() *graph {
	n := int32(p.h.Len())
	nodes := p.begin(n) + int32(p.h.Keys)
	var returned []int32
	if p.options.RealTime {
		returned = p.returned()
		nodes += int32(len(returned))
	}
	g := newGraph(nodes, &p.steps, p.transaction)
	g.direct = p.level == UpdateAtomic
	p.graph = g
	for t := range n {
		switch {
		case p.level.split():
			g.link(edge{from: p.begin(t), to: p.commit(t), why: itself, lit: certain, key: none})
		case p.level == MonotonicView && p.last[t] != t:
			g.link(edge{from: t, to: t + 1, why: itself, lit: certain, key: none})
		}
	}
	p.linkReads(g)
	p.linkOrdered(g)
	if p.options.Sessions {
		p.linkSessions(g)
	}
	p.linkTimes(g, returned, p.begin(n)+int32(p.h.Keys))
	return g
}

// linkReads adds that a reader follows whom it read from. Who read an initial value precedes all writers of the key, by way of a node for the
// key, as there may be many of both. A reader that is a writer too precedes the other writers.
func (p *problem) linkReads(g *graph) {
	for i, writer := range p.versions.Writer {
		for _, t := range p.versions.Readers(int32(i)) {
			g.link(edge{from: p.commit(writer), to: p.begin(t), why: writeRead, lit: certain, key: p.keys[i]})
		}
	}
	for key := range int32(p.h.Keys) {
		readers := p.versions.InitialReaders(key)
		writers := p.writers(key)
		if len(readers) == 0 || len(writers) == 0 {
			continue
		}
		node := p.begin(int32(p.h.Len())) + key
		var both []int32
		for _, t := range readers {
			if _, writes := slices.BinarySearch(writers, t); writes && !p.level.split() {
				both = append(both, t)
				continue
			}
			if e, ok := p.anti(t, node, certain, key); ok {
				g.link(e)
			}
		}
		for _, w := range writers {
			g.link(edge{from: node, to: p.commit(w), why: readOld, lit: certain, key: key})
		}
		both = slices.Compact(both)
		for _, t := range both[:min(2, len(both))] { // two of them are a cycle already
			for _, w := range writers {
				if e, ok := p.anti(t, p.commit(w), certain, key); ok && w != t {
					g.link(e)
				}
			}
		}
	}
}

// linkOrdered adds what is known of the order of versions: each comes before the next one, and the last of those whose order is known before all
// others. Where only what is seen directly counts, each comes before all later ones.
func (p *problem) linkOrdered(g *graph) {
	for key, writers := range p.h.Ordered {
		known := p.ordered(int32(key))
		before := func(a, b int32) { p.linkVersions(g, a, b, int32(key)) }
		for i := range writers {
			later := known[i+1:]
			if !g.direct {
				later = later[:min(1, len(later))]
			}
			for _, version := range later {
				before(known[i], version)
			}
			if last := i == len(writers)-1; last || g.direct {
				for _, version := range p.unordered(int32(key)) {
					before(known[i], version)
				}
			}
		}
	}
}

// ordered are the versions of a key whose order is known.
func (p *problem) ordered(key int32) []int32 {
	if p.h.Ordered == nil {
		return nil
	}
	versions := make([]int32, len(p.h.Ordered[key]))
	for i, t := range p.h.Ordered[key] {
		n, _ := slices.BinarySearch(p.writers(key), t)
		versions[i] = p.versions.First[key] + int32(n)
	}
	return versions
}

// unordered are the other versions of a key.
func (p *problem) unordered(key int32) []int32 {
	known := map[int32]bool{}
	for _, i := range p.ordered(key) {
		known[i] = true
	}
	var versions []int32
	for i := p.versions.First[key]; i < p.versions.First[key+1]; i++ {
		if !known[i] {
			versions = append(versions, i)
		}
	}
	return versions
}

// writers are those of a key, in the order of their numbers.
func (p *problem) writers(key int32) []int32 {
	return p.versions.Writer[p.versions.First[key]:p.versions.First[key+1]]
}

func (p *problem) linkSessions(g *graph) {
	last := make([]int32, p.h.Sessions()) // 1 more than the latest transaction
	for t, s := range p.h.Session {
		if last[s] > 0 {
			g.link(edge{from: p.commit(last[s] - 1), to: p.begin(int32(t)), why: session, lit: certain, key: none})
		}
		last[s] = int32(t) + 1
	}
}

// returned are the transactions that are known to have returned, in the order in which they did.
func (p *problem) returned() []int32 {
	var found []int32
	for t, end := range p.h.End {
		if end != wr.Never {
			found = append(found, int32(t))
		}
	}
	slices.SortStableFunc(found, func(a, b int32) int { return cmp.Compare(p.h.End[a], p.h.End[b]) })
	return found
}

// linkTimes adds that what returned precedes what began later, by way of a node for each return, so that there are no more edges than
// transactions.
func (p *problem) linkTimes(g *graph, returned []int32, first int32) {
	for i, t := range returned {
		g.link(edge{from: p.commit(t), to: first + int32(i), why: realTime, lit: certain, key: none})
		if i > 0 {
			g.link(edge{from: first + int32(i) - 1, to: first + int32(i), why: realTime, lit: certain, key: none})
		}
	}
	if len(returned) == 0 {
		return
	}
	for t, begin := range p.h.Begin {
		before, _ := slices.BinarySearchFunc(returned, begin, func(u int32, begin int64) int {
			if p.h.End[u] < begin {
				return -1
			}
			return 1
		})
		if before > 0 {
			g.link(edge{from: first + int32(before) - 1, to: p.begin(int32(t)), why: realTime, lit: certain, key: none})
		}
	}
}

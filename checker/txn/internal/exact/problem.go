package exact

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/wr"
)

// problem is what has to be ordered, and what is known of the order.
type problem struct {
	h        *wr.History
	level    Level
	options  Options
	steps    int64 // left to be made
	versions *wr.Versions
	own      []int32 // the versions of transaction t are own[firstOwn[t]:firstOwn[t+1]], in order of keys
	firstOwn []int32
	keys     []int32 // of each version
}

func newProblem(h *wr.History, level Level, o Options) *problem {
	order := make([]int32, h.Len())
	for t := range order {
		order[t] = int32(t)
	}
	p := &problem{h: h, level: level, options: o, steps: o.Steps, versions: wr.NewVersions(h, order)}
	p.firstOwn = make([]int32, h.Len()+1)
	for _, t := range p.versions.Writer {
		p.firstOwn[t+1]++
	}
	for t := range h.Len() {
		p.firstOwn[t+1] += p.firstOwn[t]
	}
	end := slices.Clone(p.firstOwn)
	p.own, p.keys = make([]int32, len(p.versions.Writer)), make([]int32, len(p.versions.Writer))
	for key := range int32(h.Keys) {
		for i := p.versions.First[key]; i < p.versions.First[key+1]; i++ {
			t := p.versions.Writer[i]
			p.own[end[t]], p.keys[i] = i, key
			end[t]++
		}
	}
	return p
}

// left is how many steps are left to be made.
func (p *problem) left() int64 {
	select {
	case <-p.options.Stop:
		p.steps = min(p.steps, 0)
	default:
	}
	return p.steps
}

// versionsOf are the versions that a transaction wrote.
func (p *problem) versionsOf(t int32) []int32 { return p.own[p.firstOwn[t]:p.firstOwn[t+1]] }

// begin is the node of a transaction's snapshot.
func (p *problem) begin(t int32) int32 {
	if p.level == SnapshotIsolation {
		return 2 * t
	}
	return t
}

// commit is the node of a transaction's commit.
func (p *problem) commit(t int32) int32 {
	if p.level == SnapshotIsolation {
		return 2*t + 1
	}
	return t
}

// transaction is whose node it is; none if it is nobody's.
func (p *problem) transaction(node int32) int32 {
	if p.level == SnapshotIsolation {
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
			points = append(points, Point{t, p.level == SnapshotIsolation && node == p.begin(t)})
		}
	}
	return points
}

// known is the graph of what holds whatever the order of versions is. If it has a cycle, its edges are returned.
func (p *problem) known() (*graph, []edge) {
	g := p.facts()
	return g, g.sort(p.moment)
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
	if p.level == SnapshotIsolation {
		for t := range n {
			g.link(edge{from: p.begin(t), to: p.commit(t), why: itself, lit: certain, key: none})
		}
	}
	p.linkReads(g)
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
		writers := p.versions.Writer[p.versions.First[key]:p.versions.First[key+1]]
		if len(readers) == 0 || len(writers) == 0 {
			continue
		}
		node := p.begin(int32(p.h.Len())) + key
		var both []int32
		for _, t := range readers {
			if _, writes := slices.BinarySearch(writers, t); writes && p.level == Serializable {
				both = append(both, t)
				continue
			}
			g.link(edge{from: p.begin(t), to: node, why: readOld, lit: certain, key: key})
		}
		for _, w := range writers {
			g.link(edge{from: node, to: p.commit(w), why: readOld, lit: certain, key: key})
		}
		both = slices.Compact(both)
		for _, t := range both[:min(2, len(both))] { // two of them are a cycle already
			for _, w := range writers {
				if w != t {
					g.link(edge{from: p.begin(t), to: p.commit(w), why: readOld, lit: certain, key: key})
				}
			}
		}
	}
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

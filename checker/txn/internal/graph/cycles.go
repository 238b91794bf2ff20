package graph

import (
	"slices"

	"faultline/checker/txn/internal/parallel"
	"faultline/checker/txn/models"
)

// Cycle is a cycle of transactions: each edge begins where the one before it ends, and the first one where the last one ends. No
// transaction comes twice. It begins at the transaction that was invoked first.
type Cycle struct {
	Class Class
	Edges []Edge
	// Component is how many transactions are connected with those of the cycle, in both directions, by edges that the class allows.
	Component int
}

// Unsearched says that a class was not looked for everywhere in a component, for want of work. If a cycle was found there, it may not be the
// shortest.
type Unsearched struct {
	Class     Class
	Component int   // how many transactions are in it
	First     int32 // the first of them
}

// DefaultWork is how many edges a search for the cycles of one class in one component looks at before it gives up.
const DefaultWork = 1 << 31

// Find finds the cycles of these classes: of each class a shortest one in each component of transactions that are strongly connected by
// edges that the class allows. Where a component has a cycle of the same base at a lower level, that one stands for both: whatever
// breaks the data alone breaks it within any order. Cycles are in the order of the classes that were given, and those of a class in the order
// of their components' first transactions. Work bounds each search, see DefaultWork.
//
// In a component that has cycles of lower classes, those that every level of isolation forbids which forbids this one, a cycle may be missed or
// be longer than another. See search for why.
//
// It takes linear time where there is no cycle, and next to that where components are small. In a component of n transactions and e edges it
// is a breadth-first search, to the depth of the shortest cycle so far, for each of its pivots.
func Find(in *Input, classes []Class, work int64) ([]Cycle, []Unsearched) {
	level := models.Data
	for _, c := range classes {
		level = max(level, c.Level)
	}
	left := peel(in, level)
	if left == nil {
		return nil, nil
	}
	all := components(in, allData|levelKinds(level), left)
	found := make([]finding, len(all))
	levels := grouped(classes)
	parallel.Each(len(all), func(i int) {
		if len(all[i]) <= largeComponent {
			found[i] = newPart(in, all[i], outgoing).findAll(levels, work, inTurn)
		}
	})
	for i, nodes := range all {
		if len(nodes) > largeComponent {
			found[i] = newPart(in, nodes, outgoing).findAll(levels, work, parallel.Each)
		}
	}
	return inOrder(found, classes)
}

// largeComponent is how many nodes a component has at least for its groups of classes to be searched at the same time.
const largeComponent = 1 << 12

func inTurn(n int, do func(i int)) {
	for i := range n {
		do(i)
	}
}

// grouped puts classes together that allow the same edges, level by level.
func grouped(classes []Class) (levels [models.Realtime + 1][][]Class) {
	for _, c := range classes {
		groups := &levels[c.Level]
		i := slices.IndexFunc(*groups, func(g []Class) bool { return g[0].Kinds() == c.Kinds() })
		if i < 0 {
			i = len(*groups)
			*groups = append(*groups, nil)
		}
		(*groups)[i] = append((*groups)[i], c)
	}
	return levels
}

// finding is what was found in a component.
type finding struct {
	cycles     []Cycle
	unsearched []Unsearched
}

func (f *finding) add(g finding) {
	f.cycles = append(f.cycles, g.cycles...)
	f.unsearched = append(f.unsearched, g.unsearched...)
}

// findAll looks for cycles of all classes, lower levels first.
func (p *part) findAll(levels [models.Realtime + 1][][]Class, work int64, each func(n int, do func(i int))) finding {
	var all finding
	for _, groups := range levels {
		parts := make([]finding, len(groups))
		each(len(groups), func(g int) { parts[g] = p.find(groups[g], all.cycles, work) })
		for _, f := range parts {
			all.add(f)
		}
	}
	return all
}

// inOrder puts what was found in the order of the classes.
func inOrder(found []finding, classes []Class) (cycles []Cycle, unsearched []Unsearched) {
	place := map[Class]int{}
	for i, c := range classes {
		place[c] = i
	}
	for _, f := range found {
		cycles = append(cycles, f.cycles...)
		unsearched = append(unsearched, f.unsearched...)
	}
	slices.SortStableFunc(cycles, func(a, b Cycle) int { return place[a.Class] - place[b.Class] })
	slices.SortStableFunc(unsearched, func(a, b Unsearched) int { return place[a.Class] - place[b.Class] })
	return cycles, unsearched
}

// find looks for cycles of classes that allow the same edges. Known are those of lower levels.
func (p *part) find(classes []Class, known []Cycle, work int64) finding {
	var f finding
	classes = p.possible(classes)
	if len(classes) == 0 {
		return f
	}
	basesAt := p.basesAt(known)
	for _, nodes := range components(&p.Input, classes[0].Kinds(), nil) {
		bases := basesAt(nodes)
		classes := slices.DeleteFunc(slices.Clone(classes), func(c Class) bool { return bases&(1<<c.Base) != 0 })
		if len(classes) == 0 {
			continue
		}
		sub := newPart(&p.Input, nodes, classes[0].Kinds())
		for i, node := range sub.origin {
			sub.origin[i] = p.origin[node]
		}
		f.add(sub.findConnected(sub.possible(classes), work))
	}
	return f
}

// findConnected does the same where all transactions are connected.
func (p *part) findConnected(classes []Class, work int64) finding {
	var f finding
	if len(classes) == 0 {
		return f
	}
	feedback := p.feedback(classes[0].Level)
	for _, c := range classes {
		pivots := p.characteristic(c)
		if len(feedback) < len(pivots) {
			pivots = feedback
		}
		edges, complete := newSearch(p, c).shortest(pivots, c.shortest(), work)
		if edges != nil {
			for i := range edges {
				edges[i].From, edges[i].To = p.origin[edges[i].From], p.origin[edges[i].To]
			}
			f.cycles = append(f.cycles, Cycle{Class: c, Edges: fromFirst(edges), Component: p.Txns()})
		}
		if !complete {
			f.unsearched = append(f.unsearched, Unsearched{c, p.Txns(), p.origin[0]})
		}
	}
	return f
}

// fromFirst lets a cycle begin at the transaction that was invoked first.
func fromFirst(edges []Edge) []Edge {
	first := 0
	for i, e := range edges {
		if e.From < edges[first].From {
			first = i
		}
	}
	return slices.Concat(edges[first:], edges[:first])
}

// possible are the classes all of whose needs a part has edges for.
func (p *part) possible(classes []Class) []Class {
	has := p.kinds()
	return slices.DeleteFunc(slices.Clone(classes), func(c Class) bool {
		return slices.ContainsFunc(c.needs(), func(need Kinds) bool { return need&has == 0 })
	})
}

// basesAt tells of which bases there are known cycles that begin at one of these nodes, as bits.
func (p *part) basesAt(known []Cycle) func(nodes []int32) uint16 {
	if len(known) == 0 {
		return func([]int32) uint16 { return 0 }
	}
	at := make([]uint16, p.nodes())
	for _, k := range known {
		if node, ok := slices.BinarySearch(p.origin[:p.Txns()], k.Edges[0].From); ok {
			at[node] |= 1 << k.Class.Base
		}
	}
	return func(nodes []int32) (bases uint16) {
		for _, node := range nodes {
			bases |= at[node]
		}
		return bases
	}
}

package graph

import (
	"slices"

	"faultline/checker/txn/internal/parallel"
	"faultline/checker/txn/models"
)

// Cycle is a cycle of transactions: each edge begins where the one before it ends, and the first one where the last one ends. No
// transaction comes twice.
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
// edges that the class allows. Cycles are in the order of the classes that were given, and those of a class in the order of their components'
// first transactions. Work bounds each search, see DefaultWork.
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
	groups := grouped(classes)
	var large []int
	for i, nodes := range all {
		if len(nodes) > largeComponent {
			large = append(large, i)
		}
	}
	parallel.Each(len(all), func(i int) {
		if len(all[i]) > largeComponent {
			return
		}
		p := newPart(in, all[i], allData)
		for _, g := range groups {
			found[i].add(p.find(g, work))
		}
	})
	for _, i := range large {
		p := newPart(in, all[i], allData)
		parts := make([]finding, len(groups))
		parallel.Each(len(groups), func(g int) { parts[g] = p.find(groups[g], work) })
		for _, f := range parts {
			found[i].add(f)
		}
	}
	return inOrder(found, classes)
}

// largeComponent is how many nodes a component has at least for its groups of classes to be searched at the same time.
const largeComponent = 1 << 12

// grouped puts classes together that allow the same edges.
func grouped(classes []Class) [][]Class {
	var groups [][]Class
	for _, c := range classes {
		i := slices.IndexFunc(groups, func(g []Class) bool { return g[0].Kinds() == c.Kinds() })
		if i < 0 {
			i = len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
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

// find looks for cycles of classes that allow the same edges.
func (p *part) find(classes []Class, work int64) finding {
	var f finding
	classes = p.possible(classes)
	if len(classes) == 0 {
		return f
	}
	for _, nodes := range components(&p.Input, classes[0].Kinds(), nil) {
		sub := newPart(&p.Input, nodes, classes[0].Kinds())
		for i, node := range sub.origin {
			sub.origin[i] = p.origin[node]
		}
		f.add(sub.findConnected(classes, work))
	}
	return f
}

// findConnected does the same where all transactions are connected.
func (p *part) findConnected(classes []Class, work int64) finding {
	var f finding
	classes = p.possible(classes)
	if len(classes) == 0 {
		return f
	}
	pivots := p.pivots(classes[0].Level)
	for _, c := range classes {
		edges, complete := newSearch(p, c).shortest(pivots, c.shortest(), work)
		if edges != nil {
			for i := range edges {
				edges[i].From, edges[i].To = p.origin[edges[i].From], p.origin[edges[i].To]
			}
			f.cycles = append(f.cycles, Cycle{Class: c, Edges: edges, Component: p.Txns()})
		}
		if !complete {
			f.unsearched = append(f.unsearched, Unsearched{c, p.Txns(), p.origin[0]})
		}
	}
	return f
}

// possible are the classes all of whose needs a part has edges for.
func (p *part) possible(classes []Class) []Class {
	has := p.kinds()
	return slices.DeleteFunc(slices.Clone(classes), func(c Class) bool {
		return slices.ContainsFunc(c.needs(), func(need Kinds) bool { return need&has == 0 })
	})
}

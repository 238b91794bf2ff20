package graph

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker/txn/models"
)

// Of every class the cycles that are found are there, are of the class, and are as short as any that exists.
func TestCyclesAreShortest(t *testing.T) {
	for range 10 {
		rapid.Check(t, cyclesAreShortest)
	}
}

func cyclesAreShortest(t *rapid.T) {
	in := drawInput(t)
	n := naiveOf(in)
	want := n.lengths()
	cycles, unsearched := Find(in, Classes(models.Realtime), DefaultWork)
	if len(unsearched) > 0 {
		t.Fatalf("not searched: %v", unsearched)
	}
	got := found{}
	for _, c := range cycles {
		checkCycle(t, n, c)
		if got[c.Class] == nil {
			got[c.Class] = map[int]int{}
		}
		got[c.Class][n.connected(c.Class.Kinds())[c.Edges[0].From]] = len(c.Edges)
	}
	for class, components := range want {
		for component, length := range components {
			found := got[class][component]
			if found != length && !excused(n, got, class, component) {
				t.Fatalf("%s in component %d: a shortest cycle has %d edges, found one of %d\n%v\n%v", class.Anomaly(), component, length, found, n.edges, cycles)
			}
		}
	}
}

// excused reports whether a component has a cycle that every level of isolation forbids which forbids the class: then a way that comes
// through a transaction twice can hide a cycle of the class, or a shorter one, see search.
func excused(n *naive, got found, class Class, component int) bool {
	lower := map[Base][]Base{
		GSingleItem: {G0, G1c}, GSingle: {G0, G1c}, GNonadjacentItem: {G0, G1c, GSingleItem}, GNonadjacent: {G0, G1c, GSingleItem, GSingle},
		G1c: {G0}, G2Item: {G0, G1c, GSingleItem, GNonadjacentItem}, G2: {G0, G1c, GSingleItem, GSingle, GNonadjacentItem, GNonadjacent, G2Item},
	}
	components := n.connected(class.Kinds())
	for _, base := range append(lower[class.Base], class.Base) {
		for level := models.Data; level <= class.Level; level++ {
			for at := range got[Class{base, level}] {
				if (Class{base, level}) != class && components[at] == component {
					return true
				}
			}
		}
	}
	return false
}

func checkCycle(t *rapid.T, n *naive, c Cycle) {
	var kinds []Kind
	been := map[int32]bool{}
	for i, e := range c.Edges {
		kinds = append(kinds, e.Kind)
		if been[e.From] || e.To != c.Edges[(i+1)%len(c.Edges)].From {
			t.Fatalf("no cycle: %v", c)
		}
		been[e.From] = true
		known := false
		for _, x := range n.edges {
			known = known || x == e
		}
		if !known {
			t.Fatalf("no such edge: %v in %v", e, c)
		}
	}
	for _, class := range classesOf(kinds) {
		if class == c.Class {
			return
		}
	}
	t.Fatalf("not of its class: %v", c)
}

func drawInput(t *rapid.T) *Input {
	txns := rapid.IntRange(2, 6).Draw(t, "txns")
	in := drawTimes(t, txns)
	kinds := []Kind{WW, WR, RW, RWPredicate}
	var edges []Edge
	node := rapid.Int32Range(0, int32(txns)-1)
	ring := rapid.Permutation(allOf(txns)).Draw(t, "ring")[:rapid.IntRange(0, txns).Draw(t, "length")]
	for i, from := range ring {
		edges = append(edges, Edge{from, ring[(i+1)%len(ring)], rapid.SampledFrom(kinds).Draw(t, "kind")})
	}
	for range rapid.IntRange(0, 6).Draw(t, "edges") {
		edges = append(edges, Edge{node.Draw(t, "from"), node.Draw(t, "to"), rapid.SampledFrom(kinds).Draw(t, "kind")})
	}
	hubs := 0
	if rapid.Bool().Draw(t, "hubs") {
		// From the first transactions to the last ones, by two hubs, the first of which leads to the second.
		hubs = 2
		half := txns / 2
		hub := int32(txns)
		for from := range int32(half) {
			if rapid.Bool().Draw(t, "source") {
				edges = append(edges, Edge{from, hub, rapid.SampledFrom(kinds).Draw(t, "kind")})
			}
		}
		edges = append(edges, Edge{hub, int32(half), 0}, Edge{hub, hub + 1, 0}, Edge{hub + 1, int32(txns) - 1, 0})
		if rapid.Bool().Draw(t, "second") {
			edges = append(edges, Edge{0, hub + 1, RW})
		}
	}
	in.Relation = NewExplicit(txns, hubs, edges)
	return in
}

func allOf(txns int) []int32 {
	var all []int32
	for t := range int32(txns) {
		all = append(all, t)
	}
	return all
}

// drawTimes lets processes do transactions one after the other. Some never end, and their processes do nothing more.
func drawTimes(t *rapid.T, txns int) *Input {
	in := &Input{}
	open := map[int32]int32{}
	lost := map[int32]bool{}
	for at := int32(0); len(in.Process) < txns; at++ {
		p := rapid.Int32Range(0, 2).Draw(t, "process")
		if lost[p] {
			continue
		}
		if txn, ok := open[p]; ok {
			if in.Returned[txn] = at; rapid.IntRange(0, 9).Draw(t, "lost") == 0 && len(lost) < 2 {
				in.Returned[txn] = Never
				lost[p] = true
			}
			delete(open, p)
			continue
		}
		open[p] = int32(len(in.Process))
		in.Process, in.Invoked, in.Returned = append(in.Process, p), append(in.Invoked, at), append(in.Returned, Never)
		in.Committed = append(in.Committed, true)
	}
	return in
}

func (c Cycle) String() string { return fmt.Sprint(c.Class.Anomaly(), " ", c.Edges) }
func (e Edge) String() string  { return fmt.Sprintf("%d %v %d", e.From, e.Kind, e.To) }

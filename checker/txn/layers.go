package txn

import (
	"slices"

	"faultline/checker"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/models"
)

// layers is a relation in which each transaction stands twice, so that its cycles are those in which edges follow each other as a level
// of isolation has it (Cerone, Gotsman and Yang, Algebraic Laws for Weak Consistency, 2017). In the upper layer a transaction has taken effect, in the
// lower one it is looked at by a reader. From the lower layer an anti-dependency leads back to the upper one: the reader misses
// what replaced the version that it read.
//
//	read atomic     wr rw           of what it saw a reader misses a part
//	update atomic   (wr | ww) rw    or of what it replaced
//	causal          (wr | session)+ rw   or of what that depends on
//	prefix          (ww | wr | wr rw)+
//
// But for prefix, ww and rw lead to all that wrote the key later. A hub stands twice too: in each layer for what it leads to there.
type layers struct {
	graph.Relation
	updates bool    // who replaces something has seen it
	deep    bool    // readers see what those they read from had seen
	prefix  bool    // there is one order of all writes
	next    []int32 // of each transaction, the next one that has seen it as it is of the same session, or none; nil if sessions do not count
}

func (l layers) Txns() int { return 2 * l.Relation.Txns() }
func (l layers) Hubs() int { return 2 * l.Relation.Hubs() }

func (l layers) Out(node int32, arcs []graph.Arc) []graph.Arc {
	n, hubs := int32(l.Relation.Txns()), int32(l.Relation.Hubs())
	from, layer := node, l.ofUpper
	switch {
	case node >= 2*n+hubs:
		from, layer = node-n-hubs, l.ofLowerHub
	case node >= 2*n:
		from, layer = node-n, l.ofUpperHub
	case node >= n:
		from, layer = node-n, l.ofLower
	}
	for _, a := range l.Relation.Out(from, nil) {
		arcs = layer(a, arcs)
	}
	if l.next != nil && node < 2*n && l.next[from%n] != none {
		arcs = append(arcs, graph.Arc{To: l.next[from%n] + n, Kind: graph.Process})
	}
	return arcs
}

// up is an arc to the upper layer; down is one to the lower layer.
func (l layers) up(a graph.Arc) graph.Arc {
	if n := int32(l.Relation.Txns()); a.To >= n {
		a.To += n
	}
	return a
}

func (l layers) down(a graph.Arc) graph.Arc {
	n := int32(l.Relation.Txns())
	if a.To >= n {
		a.To += int32(l.Relation.Hubs())
	}
	a.To += n
	return a
}

func (l layers) ofUpperHub(a graph.Arc, arcs []graph.Arc) []graph.Arc { return append(arcs, l.up(a)) }
func (l layers) ofLowerHub(a graph.Arc, arcs []graph.Arc) []graph.Arc { return append(arcs, l.down(a)) }

func (l layers) ofUpper(a graph.Arc, arcs []graph.Arc) []graph.Arc {
	switch {
	case l.prefix && a.Kind == graph.WW:
		return append(arcs, l.up(a))
	case l.prefix && a.Kind == graph.WR:
		return append(arcs, l.up(a), l.down(a))
	case a.Kind == graph.WR, l.updates && a.Kind == graph.WW:
		return append(arcs, l.down(a))
	default:
		return arcs
	}
}

func (l layers) ofLower(a graph.Arc, arcs []graph.Arc) []graph.Arc {
	switch {
	case a.Kind == graph.RW || a.Kind == graph.RWPredicate:
		return append(arcs, l.up(a))
	case a.Kind == graph.WR && l.deep:
		return append(arcs, l.down(a))
	default:
		return arcs
	}
}

// oneMiss are the cycles with one anti-dependency.
var oneMiss = []graph.Class{{Base: graph.GSingleItem}, {Base: graph.GSingle}}

// What cycles of layers show.
func fracturedRead(*analysis, *graph.Cycle) string { return "fractured-read" }
func nonCausalRead(*analysis, *graph.Cycle) string { return "non-causal-read" }
func nonPrefixRead(*analysis, *graph.Cycle) string { return "non-prefix-read" }

// missedByUpdate is a fractured read where the transaction read from the one that it misses a part of. Where it has replaced something of that one, an
// update is lost if that is what it misses, and else it has read what is older than what it replaced.
func missedByUpdate(a *analysis, c *graph.Cycle) string {
	var replaced, missed int32
	for _, e := range c.Edges {
		reason, _ := a.data.why(e, models.Data)
		switch e.Kind {
		case graph.WR:
			return fracturedRead(a, c)
		case graph.WW:
			replaced = a.record.Steps.Key[reason.To]
		default:
			missed = a.record.Steps.Key[reason.To]
		}
	}
	if replaced == missed {
		return "lost-update"
	}
	return "G-single-item"
}

// byLayers decides a level of lists by the cycles of layers. Called gives a cycle its name.
func byLayers(l layers, classes []graph.Class, called func(*analysis, *graph.Cycle) string) decider {
	return func(a *analysis) answer {
		l := l
		if lists := a.data.(*listData); l.prefix {
			l.Relation = lists.Relation
		} else {
			l.Relation = lists.later()
		}
		h := a.record
		in := graph.Input{Relation: l, Committed: twice(h.Committed), Process: alone(2 * h.Len()), Invoked: twice(h.Invoked), Returned: twice(h.Returned), Stop: a.stop}
		cycles, unsearched := graph.Find(&in, classes, graph.DefaultWork)
		switch {
		case len(cycles) > 0:
			cycle := l.flat(&cycles[0])
			return answer{validity: checker.Invalid, finding: a.finding(example{anomaly: called(a, cycle), cycle: cycle})}
		case len(unsearched) > 0:
			return answer{finding: checker.Finding{Bound: checker.TimeBound, Sentence: "the cycles that refute it were not looked for everywhere"}}
		}
		return answer{validity: checker.Valid}
	}
}

// flat is a cycle without layers.
func (l layers) flat(c *graph.Cycle) *graph.Cycle {
	flat := *c
	n := int32(l.Relation.Txns())
	flat.Edges = slices.Clone(c.Edges)
	for i := range flat.Edges {
		flat.Edges[i].From, flat.Edges[i].To = flat.Edges[i].From%n, flat.Edges[i].To%n
	}
	return &flat
}

// alone gives each of so many nodes a session of its own: layers have arcs for sessions.
func alone(nodes int) []int32 {
	sessions := make([]int32, nodes)
	for i := range sessions {
		sessions[i] = int32(i)
	}
	return sessions
}

// none is no transaction.
const none int32 = -1

// next are the transactions that follow in their session, of those that are committed.
func (a *analysis) next() []int32 {
	next, latest := make([]int32, a.record.Len()), map[int32]int32{}
	for t := range next {
		next[t] = none
		if !a.record.Committed[t] {
			continue
		}
		if before, ok := latest[a.sessions[t]]; ok {
			next[before] = int32(t)
		}
		latest[a.sessions[t]] = int32(t)
	}
	return next
}

// bySessions decides causal consistency of lists, in which what a session has done is seen by what it does later.
func bySessions(a *analysis) answer {
	var classes []graph.Class
	for _, c := range oneMiss {
		classes = append(classes, c, graph.Class{Base: c.Base, Level: models.Process})
	}
	found := byLayers(layers{deep: true, next: a.next()}, classes, nonCausalRead)(a)
	needsSessions := slices.ContainsFunc(found.finding.Steps, func(s checker.Step) bool { return s.Kind == checker.Dependency(graph.Process.String()) })
	if found.validity == checker.Invalid && !needsSessions {
		found.refutes = models.Of(models.CausalCerone)
	}
	return found
}

func twice[T any](of []T) []T { return slices.Concat(of, of) }

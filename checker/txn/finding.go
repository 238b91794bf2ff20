package txn

import (
	"slices"
	"strings"

	"faultline/checker"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/registers"
	"faultline/checker/txn/models"
	"faultline/internal/wording"
)

// finding says what was found, for people. Its rule is left to the caller.
func (a *analysis) finding(e example) checker.Finding {
	var f checker.Finding
	switch {
	case e.cycle != nil:
		f = a.ofCycle(e)
	case e.circle != nil:
		f = a.ofCircle(e.circle)
	default:
		f = a.ofDirect(e.direct)
	}
	f.Validity, f.Anomaly = checker.Invalid, title(e)
	return f
}

// title is the name of an anomaly, with that of textbooks: "G2-item (write skew)".
func title(e example) string {
	if title := faultTitles[e.anomaly]; title != "" {
		return title
	}
	if e.cycle != nil && len(e.cycle.Edges) == 2 && e.level != models.Data && models.Covers(e.anomaly, "G-single"+e.level.Suffix()) {
		return e.anomaly + " (stale read)"
	}
	for _, name := range append(slices.Clone(e.alike), e.anomaly) {
		known, err := models.AnomalyByName(name)
		if err == nil && known.Called != "" && strings.ReplaceAll(known.Called, " ", "-") != e.anomaly {
			return e.anomaly + " (" + known.Called + ")"
		}
	}
	return e.anomaly
}

// ofCycle tells a cycle, from an anti-dependency on if it has one, as that is where it does not go on.
func (a *analysis) ofCycle(e example) checker.Finding {
	edges := slices.Clone(e.cycle.Edges)
	if i := slices.IndexFunc(edges, func(e graph.Edge) bool { return e.Kind == graph.RW || e.Kind == graph.RWPredicate }); i > 0 {
		edges = append(edges[i:], edges[:i]...)
	}
	n := a.names()
	for _, edge := range edges { // those of the cycle come first
		n.number(edge.From)
	}
	var f checker.Finding
	var words []string
	for _, edge := range edges {
		step := a.step(edge, e.level, n)
		words = append(words, step.Why)
		f.Steps = append(f.Steps, step)
	}
	f.Sentence = strings.Join(words, "; ")
	return a.shown(f, edges, n)
}

// ofCircle tells a circle of versions. It has as many as a key has versions where the last read is of the first one, so of a long one the
// middle is left out.
func (a *analysis) ofCircle(c *registers.Circle) checker.Finding {
	n := a.names()
	var words []string
	for i, o := range c.Orders {
		switch left := len(c.Orders) - 2*few; {
		case left < 2 || i < few || i >= few+left:
			words = append(words, a.element(o.From)+" came before "+a.element(o.To)+a.because(&o, n))
		case i == few:
			words = append(words, "and so on, "+wording.Grouped(left)+" times")
		}
	}
	f := checker.Finding{On: shown(a.record.Keys.Name(c.Key))}
	f.Sentence = "the versions of " + f.On + " come before each other in a circle: " + strings.Join(words, "; ")
	return a.shown(f, nil, n)
}

// shown adds the transactions that were mentioned.
func (a *analysis) shown(f checker.Finding, edges []graph.Edge, n *names) checker.Finding {
	f.Operations, f.Picture = a.involved(n.order), a.picture(n.order, edges, n)
	return f
}

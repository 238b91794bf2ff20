package registers

import (
	"slices"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
)

// builder makes the edges of a relation.
type builder struct {
	*Versions
	edges   []graph.Edge
	hubs    int
	before  []graph.Arc // those of the version that is looked at
	writers []int32     // of those that replace it
}

// Edges from many to many go through a hub, once they are several times as many as the arcs of the hub. Of those that both read a version and
// replace it, each but a few is linked with the next one only: they are all in one circle anyway, and every two have lost an update.
const (
	worthAHub = 4
	fewRivals = 32
)

// replaced adds what follows from versions that replace another: its writer and its readers come before theirs.
func (b *builder) replaced(version int32, readers, next []related) {
	h := b.history
	b.writers = b.writers[:0]
	for _, r := range next {
		writer := h.Steps.Txn[r.step]
		b.writers = append(b.writers, writer)
		if version >= 0 {
			b.edge(h.Steps.Txn[version], writer, graph.WW)
		}
	}
	slices.Sort(b.writers)
	before := b.arcsFrom(readers)
	if len(before)*len(b.writers) <= worthAHub*(len(before)+len(b.writers)) {
		b.each(before, b.writers)
		return
	}
	b.throughHubs(before, b.writers)
}

// arcsFrom are the transactions that read a version, each with the kind of the edges from it.
func (b *builder) arcsFrom(readers []related) []graph.Arc {
	b.before = b.before[:0]
	for _, r := range readers {
		b.before = append(b.before, graph.Arc{To: b.history.Steps.Txn[r.step], Kind: kindOf(b.history.Steps.Kind[r.step])})
	}
	b.before = slices.Compact(b.before)
	return b.before
}

// kindOf is the kind of the edges from a read.
func kindOf(read record.Kind) graph.Kind {
	if read == record.Read {
		return graph.RW
	}
	return graph.RWPredicate
}

func (b *builder) edge(from, to int32, kind graph.Kind) {
	if from != to {
		b.edges = append(b.edges, graph.Edge{From: from, To: to, Kind: kind})
	}
}

// each links every reader with every writer.
func (b *builder) each(readers []graph.Arc, writers []int32) {
	for _, r := range readers {
		for _, w := range writers {
			b.edge(r.To, w, r.Kind)
		}
	}
}

// throughHubs links every reader with every writer. Those that are both must not come before themselves, so they have a hub of their
// own, which does not lead back to them.
func (b *builder) throughHubs(readers []graph.Arc, writers []int32) {
	var rivals, others []graph.Arc
	for _, r := range readers {
		if _, both := slices.BinarySearch(writers, r.To); both {
			rivals = append(rivals, r)
		} else {
			others = append(others, r)
		}
	}
	b.hub(others, writers)
	b.hub(rivals, slices.DeleteFunc(slices.Clone(writers), func(w int32) bool {
		return slices.ContainsFunc(rivals, func(r graph.Arc) bool { return r.To == w })
	}))
	b.amongRivals(rivals)
}

func (b *builder) hub(readers []graph.Arc, writers []int32) {
	if len(readers) == 0 || len(writers) == 0 {
		return
	}
	hub := int32(b.history.Len() + b.hubs)
	b.hubs++
	for _, r := range readers {
		b.edge(r.To, hub, r.Kind)
	}
	for _, w := range writers {
		b.edge(hub, w, graph.RW)
	}
}

func (b *builder) amongRivals(rivals []graph.Arc) {
	for i, r := range rivals {
		for k := 1; k < min(len(rivals), fewRivals); k++ {
			b.edge(r.To, rivals[(i+k)%len(rivals)].To, r.Kind)
		}
	}
}

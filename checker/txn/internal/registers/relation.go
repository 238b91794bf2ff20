package registers

import (
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
)

// Flow are the edges along which information flows: from a write to those who read it.
func Flow(h *record.History) graph.Relation {
	return graph.NewExplicit(h.Len(), 0, flow(h))
}

func flow(h *record.History) []graph.Edge {
	reads := 0
	for _, saw := range h.Steps.Saw {
		if saw >= 0 {
			reads++
		}
	}
	edges := make([]graph.Edge, 0, reads)
	for step, saw := range h.Steps.Saw {
		if !h.Steps.Kind[step].IsRead() || saw < 0 {
			continue
		}
		writer, reader := h.Steps.Txn[saw], h.Steps.Txn[step]
		if writer != reader && h.Committed[writer] && h.Committed[reader] {
			edges = append(edges, graph.Edge{From: writer, To: reader, Kind: graph.WR})
		}
	}
	return edges
}

// Relation are the edges of the flow, and those that follow from the order of versions up to a level.
func (v *Versions) Relation(level models.Level) graph.Relation {
	b := &builder{Versions: v, edges: flow(v.history), readers: v.readersOf()}
	next := v.successions(level, b.readers)
	for slot := range next.slots() {
		if steps := next.at(slot); len(steps) > 0 {
			b.replaced(next.version(slot), steps)
		}
	}
	return graph.NewExplicit(v.history.Len(), b.hubs, b.edges)
}

// initialOf stands for the initial version of a key.
func initialOf(key int32) int32 { return -2 - key }

// successions are the versions that are known to follow each version at once, up to a level. The initial version is followed by those that follow
// no other; where nobody read it nothing comes of that, and it is left out.
func (v *Versions) successions(level models.Level, readers *byVersion) *byVersion {
	h := v.history
	follows := make([]bool, len(h.Steps.Txn))
	for _, o := range v.orders {
		if o.Level <= level {
			follows[o.To] = true
		}
	}
	pairs := make([][2]int32, 0, len(v.orders))
	for _, o := range v.orders {
		if o.Level <= level {
			pairs = append(pairs, [2]int32{o.From, o.To})
		}
	}
	for step, final := range v.final {
		if final && !follows[step] && h.Committed[h.Steps.Txn[step]] && len(readers.of(initialOf(h.Steps.Key[step]))) > 0 {
			pairs = append(pairs, [2]int32{initialOf(h.Steps.Key[step]), int32(step)})
		}
	}
	return newByVersion(h, pairs)
}

// readersOf are the reads of each version. What a scan did not find it read as initial.
func (v *Versions) readersOf() *byVersion {
	if v.readers == nil {
		v.readers = newByVersion(v.history, v.reads())
	}
	return v.readers
}

// reads are the reads of versions, as pairs of the version and the step, in order of steps.
func (v *Versions) reads() [][2]int32 {
	h := v.history
	pairs := make([][2]int32, 0, len(h.Steps.Kind)/2)
	for i, saw := range h.Steps.Saw {
		step, kind := int32(i), h.Steps.Kind[i]
		if kind == record.Write || !h.Committed[h.Steps.Txn[step]] {
			continue
		}
		switch {
		case kind == record.Scan:
			for key := range h.Absent(step) {
				pairs = append(pairs, [2]int32{initialOf(key), step})
			}
		case !v.isVersion(saw):
		case saw == record.Initial:
			pairs = append(pairs, [2]int32{initialOf(h.Steps.Key[step]), step})
		default:
			pairs = append(pairs, [2]int32{saw, step})
		}
	}
	return pairs
}

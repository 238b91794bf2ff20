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
	next := v.successions(level)
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
// no other.
func (v *Versions) successions(level models.Level) *byVersion {
	h := v.history
	follows := make([]bool, len(h.Steps.Txn))
	for _, o := range v.orders {
		if o.Level <= level {
			follows[o.To] = true
		}
	}
	return newByVersion(h, func(add func(version, step int32)) {
		for _, o := range v.orders {
			if o.Level <= level {
				add(o.From, o.To)
			}
		}
		for step, final := range v.final {
			if final && !follows[step] && h.Committed[h.Steps.Txn[step]] {
				add(initialOf(h.Steps.Key[step]), int32(step))
			}
		}
	})
}

// readersOf are the reads of each version. What a scan did not find it read as initial.
func (v *Versions) readersOf() *byVersion {
	if v.readers == nil {
		v.readers = newByVersion(v.history, v.eachRead)
	}
	return v.readers
}

func (v *Versions) eachRead(add func(version, step int32)) {
	h := v.history
	for i, saw := range h.Steps.Saw {
		step := int32(i)
		if !h.Committed[h.Steps.Txn[step]] {
			continue
		}
		switch kind := h.Steps.Kind[step]; {
		case kind == record.Scan:
			for key := range h.Absent(step) {
				add(initialOf(key), step)
			}
		case !kind.IsRead() || !v.isVersion(saw):
		case saw == record.Initial:
			add(initialOf(h.Steps.Key[step]), step)
		default:
			add(saw, step)
		}
	}
}

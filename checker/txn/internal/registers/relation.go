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
	b := &builder{Versions: v, edges: flow(v.history)}
	next := v.successions(level)
	replaced := newVersionSet(next.slots)
	for _, r := range next.all {
		replaced.add(r.slot)
	}
	readers := v.readersOf(replaced).all
	for rest := next.all; len(rest) > 0; {
		slot := rest[0].slot
		steps := first(rest, slot)
		rest = rest[len(steps):]
		for len(readers) > 0 && readers[0].slot < slot {
			readers = readers[1:]
		}
		b.replaced(next.version(slot), first(readers, slot), steps)
	}
	return graph.NewExplicit(v.history.Len(), b.hubs, b.edges)
}

// initialOf stands for the initial version of a key.
func initialOf(key int32) int32 { return -2 - key }

// successions are the versions that are known to follow each version at once, up to a level. The initial version is followed by those that follow
// no other; where nobody read it nothing comes of that, and it is left out.
func (v *Versions) successions(level models.Level) byVersion {
	h := v.history
	s := slotsOf(h)
	follows := newVersionSet(s)
	all := make([]related, 0, len(v.orders))
	for _, o := range v.orders {
		if o.Level <= level {
			follows.add(s.of(o.To))
			all = append(all, related{s.of(o.From), o.To})
		}
	}
	if initially := v.initially(s); initially != nil {
		for i, final := range v.final {
			step, slot := int32(i), s.of(initialOf(h.Steps.Key[i]))
			if final && initially.has(slot) && !follows.has(s.of(step)) && h.Committed[h.Steps.Txn[i]] {
				all = append(all, related{slot, step})
			}
		}
	}
	return newByVersion(s, all)
}

// initially are the initial versions that were read; nil if none was.
func (v *Versions) initially(s slots) versionSet {
	var found versionSet
	var read []int32
	for step, saw := range v.history.Steps.Saw {
		if saw != record.Initial { // which a scan has too whose answer is known
			continue
		}
		read = v.readBy(s, int32(step), read[:0])
		for _, slot := range read {
			if found == nil {
				found = newVersionSet(slots{keys: s.keys})
			}
			found.add(slot)
		}
	}
	return found
}

// readersOf are the reads of some versions, or of all if the set is nil.
func (v *Versions) readersOf(some versionSet) byVersion {
	h := v.history
	s := slotsOf(h)
	var all []related
	var read []int32
	for i, kind := range h.Steps.Kind {
		if saw := h.Steps.Saw[i]; kind == record.Write || some != nil && kind != record.Scan && saw >= 0 && !some.has(s.of(saw)) {
			continue // as nearly all are where few versions matter
		}
		read = v.readBy(s, int32(i), read[:0])
		for _, slot := range read {
			if some == nil || some.has(slot) {
				all = append(all, related{slot, int32(i)})
			}
		}
	}
	return newByVersion(s, all)
}

// readBy appends the slots of the versions that a step read, if its transaction is committed. What a scan did not find it read as initial.
func (v *Versions) readBy(s slots, step int32, to []int32) []int32 {
	h := v.history
	kind, saw := h.Steps.Kind[step], h.Steps.Saw[step]
	switch {
	case kind == record.Write || !h.Committed[h.Steps.Txn[step]]:
	case kind == record.Scan:
		for key := range h.Absent(step) {
			to = append(to, s.of(initialOf(key)))
		}
	case !v.isVersion(saw):
	case saw == record.Initial:
		to = append(to, s.of(initialOf(h.Steps.Key[step])))
	default:
		to = append(to, s.of(saw))
	}
	return to
}

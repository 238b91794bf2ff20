package registers

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
)

// Flow are the edges along which information flows: from a write to those who read it.
func Flow(h *record.History) graph.Relation {
	return graph.NewExplicit(h.Len(), 0, flow(h))
}

func flow(h *record.History) []graph.Edge {
	var edges []graph.Edge
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
	readers := v.readersOf()
	for _, o := range v.from(level) {
		b.replaced(readers, o.version, o.next)
	}
	return graph.NewExplicit(v.history.Len(), b.hubs, b.edges)
}

// succession is a version and what is known to follow it at once.
type succession struct {
	version int32 // a step, or the key as -2-key for its initial version
	next    []int32
}

// initialOf stands for the initial version of a key.
func initialOf(key int32) int32 { return -2 - key }

// from are the successions of a level, in order. The initial version is followed at once by those that follow no other.
func (v *Versions) from(level models.Level) []succession {
	h := v.history
	follows := make([]bool, len(h.Steps.Txn))
	var pairs [][2]int32
	for _, o := range v.orders {
		if o.Level <= level {
			pairs = append(pairs, [2]int32{o.From, o.To})
			follows[o.To] = true
		}
	}
	for step, final := range v.final {
		if final && !follows[step] && h.Committed[h.Steps.Txn[step]] {
			pairs = append(pairs, [2]int32{initialOf(h.Steps.Key[step]), int32(step)})
		}
	}
	return grouped(pairs)
}

// grouped gathers pairs that begin with the same version.
func grouped(pairs [][2]int32) []succession {
	slices.SortFunc(pairs, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var all []succession
	for _, p := range pairs {
		if len(all) == 0 || all[len(all)-1].version != p[0] {
			all = append(all, succession{version: p[0]})
		}
		last := &all[len(all)-1]
		last.next = append(last.next, p[1])
	}
	return all
}

// readersOf are the reads of each version, as pairs of the version and the step, in order. What a scan did not find it read as initial.
func (v *Versions) readersOf() [][2]int32 {
	if v.readers != nil {
		return v.readers
	}
	h := v.history
	for i, saw := range h.Steps.Saw {
		step := int32(i)
		if !h.Committed[h.Steps.Txn[step]] {
			continue
		}
		switch kind := h.Steps.Kind[step]; {
		case kind == record.Scan:
			for key := range h.Absent(step) {
				v.readers = append(v.readers, [2]int32{initialOf(key), step})
			}
		case !kind.IsRead() || !v.isVersion(saw):
		case saw == record.Initial:
			v.readers = append(v.readers, [2]int32{initialOf(h.Steps.Key[step]), step})
		default:
			v.readers = append(v.readers, [2]int32{saw, step})
		}
	}
	slices.SortFunc(v.readers, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return v.readers
}

// reads are the steps that read a version.
func reads(readers [][2]int32, version int32) [][2]int32 {
	from, _ := slices.BinarySearchFunc(readers, version, func(r [2]int32, version int32) int { return cmp.Compare(r[0], version) })
	to, _ := slices.BinarySearchFunc(readers, version, func(r [2]int32, version int32) int {
		if r[0] <= version {
			return -1
		}
		return 1
	})
	return readers[from:to]
}

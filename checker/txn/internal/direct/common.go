package direct

import (
	"cmp"
	"slices"

	"faultline/checker/txn/internal/parallel"
	"faultline/checker/txn/internal/record"
)

// Common finds the anomalies that are the same for lists and registers: G1b, lost updates, and values that are written twice.
func Common(h *record.History) []Anomaly {
	found := parallel.Collect(h.Keys.Len(), func(key int, found []Anomaly) []Anomaly {
		return lostUpdates(h, int32(key), intermediateReads(h, int32(key), found))
	})
	return inOrder(append(found, duplicates(h)...))
}

// intermediateReads finds reads of what the transaction of another one overwrote later.
func intermediateReads(h *record.History, key int32, found []Anomaly) []Anomaly {
	var overwritten map[int32]int32 // write → the next write of the same transaction
	for run := range h.Keys.Runs(key) {
		last := int32(-1)
		for _, step := range run {
			if h.Steps.Kind[step] != record.Write {
				continue
			}
			if last >= 0 && !h.Aborted(step) {
				if overwritten == nil {
					overwritten = map[int32]int32{}
				}
				overwritten[last] = step
			}
			last = step
		}
	}
	if overwritten == nil {
		return found
	}
	for _, step := range h.Keys.Of(key) {
		if !isRead(h, step) {
			continue
		}
		write := h.Steps.Saw[step]
		if later, ok := overwritten[write]; ok && h.Steps.Txn[write] != h.Steps.Txn[step] {
			found = append(found, Anomaly{G1b, key, []int32{write, later, step}, h.Steps.Value[write]})
		}
	}
	return found
}

// update is a read of a key and a later write of the same transaction, both the first there are.
type update struct{ read, write int32 }

// lostUpdates finds transactions that read the same version of a key and then replaced it. Where one of them was first, the other did not
// see what it wrote (Berenson and others, A Critique of ANSI SQL Isolation Levels, 1995, P4).
func lostUpdates(h *record.History, key int32, found []Anomaly) []Anomaly {
	updates := updatesOf(h, key)
	slices.SortStableFunc(updates, func(a, b update) int { return cmp.Compare(h.Steps.Saw[a.read], h.Steps.Saw[b.read]) })
	for from := 0; from < len(updates); {
		saw := h.Steps.Saw[updates[from].read]
		lost := Anomaly{Name: LostUpdate, Key: key}
		if saw >= 0 {
			lost.Element = h.Steps.Value[saw]
		}
		for ; from < len(updates) && h.Steps.Saw[updates[from].read] == saw; from++ {
			lost.Steps = append(lost.Steps, updates[from].read, updates[from].write)
		}
		if len(lost.Steps) > 2 {
			found = append(found, lost)
		}
	}
	return found
}

// updatesOf are the updates of a key whose read saw a version that is known.
func updatesOf(h *record.History, key int32) []update {
	var updates []update
	s := &h.Steps
	for run := range h.Keys.Runs(key) {
		first := run[0]
		if !isRead(h, first) || s.Saw[first] < record.Initial {
			continue
		}
		if _, aside := h.Lists.AsideOf(first); aside {
			continue
		}
		if i := slices.IndexFunc(run, func(step int32) bool { return s.Kind[step] == record.Write }); i > 0 {
			updates = append(updates, update{first, run[i]})
		}
	}
	return updates
}

// duplicates puts the writes of one value to one key together.
func duplicates(h *record.History) []Anomaly {
	var found []Anomaly
	index := map[int32]int{} // first write → its place in found
	for _, d := range h.Duplicates {
		i, known := index[d.First]
		if !known {
			i = len(found)
			index[d.First] = i
			found = append(found, Anomaly{DuplicateAppends, h.Steps.Key[d.First], []int32{d.First}, h.Steps.Value[d.First]})
		}
		found[i].Steps = append(found[i].Steps, d.Again)
	}
	return found
}

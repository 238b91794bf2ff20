package registers

import (
	"slices"

	"faultline/checker/txn/internal/record"
)

// slots numbers the versions of a history: the initial ones first, those of later keys before others, and then those that were written, in the order
// of their steps.
type slots struct{ keys, steps int32 }

func slotsOf(h *record.History) slots { return slots{int32(h.Keys.Len()), int32(len(h.Steps.Kind))} }

// of is the slot of a version.
func (s slots) of(version int32) int32 {
	if version <= initialOf(0) {
		return s.keys - 1 - (initialOf(0) - version)
	}
	return s.keys + version
}

// version is the one with a slot.
func (s slots) version(slot int32) int32 {
	if slot < s.keys {
		return initialOf(s.keys - 1 - slot)
	}
	return slot - s.keys
}

// related is a step that has to do with a version.
type related struct{ slot, step int32 }

// byVersion are steps, sorted by the slot of the version that they have to do with. Those of one version are in order.
type byVersion struct {
	slots
	all []related
}

// newByVersion sorts steps that are in order.
func newByVersion(s slots, all []related) byVersion {
	b := byVersion{s, all}
	const few = 32
	if n := int(s.keys + s.steps); len(all) > n/few {
		b.all = counted(n, all)
	} else {
		slices.SortStableFunc(b.all, func(x, y related) int { return int(x.slot - y.slot) })
	}
	return b
}

// counted sorts by counting, which takes time and memory for all slots.
func counted(slots int, all []related) []related {
	next := make([]int32, slots+1)
	for _, r := range all {
		next[r.slot+1]++
	}
	for slot := range slots {
		next[slot+1] += next[slot]
	}
	sorted := make([]related, len(all))
	for _, r := range all {
		sorted[next[r.slot]] = r
		next[r.slot]++
	}
	return sorted
}

// of are the steps of a version.
func (b byVersion) of(version int32) []related {
	from, _ := slices.BinarySearchFunc(b.all, b.slots.of(version), func(r related, slot int32) int { return int(r.slot - slot) })
	return first(b.all[from:], b.slots.of(version))
}

// first are those at the begin that are of a slot.
func first(all []related, slot int32) []related {
	n := 0
	for n < len(all) && all[n].slot == slot {
		n++
	}
	return all[:n]
}

// versionSet is a set of versions, by their slots.
type versionSet []uint64

func newVersionSet(s slots) versionSet { return make(versionSet, (s.keys+s.steps)/64+1) }

func (v versionSet) add(slot int32)      { v[slot>>6] |= 1 << (slot & 63) }
func (v versionSet) has(slot int32) bool { return v[slot>>6]>>(slot&63)&1 != 0 }

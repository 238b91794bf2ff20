package registers

import "faultline/checker/txn/internal/record"

// byVersion are steps, sorted by the version that they have to do with: the initial versions first, and then those that were written, in the order
// of their steps.
type byVersion struct {
	keys  int32
	start []int32 // of each slot; one more than there are
	steps []int32
}

// newByVersion sorts pairs of a version and a step. Steps of one version stay in their order.
func newByVersion(h *record.History, pairs [][2]int32) *byVersion {
	b := &byVersion{keys: int32(h.Keys.Len())}
	b.start = make([]int32, h.Keys.Len()+len(h.Steps.Kind)+1)
	for _, p := range pairs {
		b.start[b.slot(p[0])+1]++
	}
	for slot := range b.slots() {
		b.start[slot+1] += b.start[slot]
	}
	b.steps = make([]int32, len(pairs))
	next := append([]int32(nil), b.start...)
	for _, p := range pairs {
		at := &next[b.slot(p[0])]
		b.steps[*at] = p[1]
		*at++
	}
	return b
}

// slots is how many versions there may be.
func (b *byVersion) slots() int32 { return int32(len(b.start)) - 1 }

func (b *byVersion) slot(version int32) int32 {
	if version <= initialOf(0) {
		return b.keys - 1 - (initialOf(0) - version)
	}
	return b.keys + version
}

// version is the one with a slot.
func (b *byVersion) version(slot int32) int32 {
	if slot < b.keys {
		return initialOf(b.keys - 1 - slot)
	}
	return slot - b.keys
}

func (b *byVersion) at(slot int32) []int32 { return b.steps[b.start[slot]:b.start[slot+1]] }

// of are the steps of a version.
func (b *byVersion) of(version int32) []int32 { return b.at(b.slot(version)) }

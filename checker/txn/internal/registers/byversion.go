package registers

import "faultline/checker/txn/internal/record"

// byVersion are steps, sorted by the version that they have to do with: the initial versions first, and then those that were written, in the order
// of their steps.
type byVersion struct {
	keys  int32
	start []int32 // of each slot; one more than there are
	steps []int32
}

// newByVersion sorts what each adds. It is called twice and has to add the same both times. Steps of one version stay in the order in which
// they are added.
func newByVersion(h *record.History, each func(add func(version, step int32))) *byVersion {
	b := &byVersion{keys: int32(h.Keys.Len())}
	b.start = make([]int32, h.Keys.Len()+len(h.Steps.Kind)+1)
	each(func(version, _ int32) { b.start[b.slot(version)+1]++ })
	for slot := range b.slots() {
		b.start[slot+1] += b.start[slot]
	}
	b.steps = make([]int32, b.start[b.slots()])
	next := append([]int32(nil), b.start...)
	each(func(version, step int32) {
		slot := b.slot(version)
		b.steps[next[slot]] = step
		next[slot]++
	})
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

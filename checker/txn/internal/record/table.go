package record

import "math/bits"

// table is what is known of the elements of one key. It is a hash table with open addressing that is used for one key after the other.
type table struct {
	entries []entry
	shift   uint8
}

type entry struct {
	element Element
	writer  int32 // the step that wrote it; Garbage if there is none, Ambiguous if there are several
	used    int32 // 0 if the entry is free; else used, and one more than its place in Lists if it has one
}

// used is the mark of an entry without a place.
const used = 1

// place is where in Lists the element is, if it is there.
func (e *entry) place() (place int32, ok bool) { return e.used - used - 1, e.used > used }

func (e *entry) setPlace(place int32) { e.used = used + 1 + place }

// reset forgets everything and makes room for so many elements.
func (t *table) reset(elements int) {
	size := 1 << bits.Len(uint(2*elements))
	t.shift = uint8(64 - bits.Len(uint(size-1)))
	if size > cap(t.entries) {
		t.entries = make([]entry, size)
		return
	}
	t.entries = t.entries[:size]
	clear(t.entries)
}

// writer is the step that wrote an element; Garbage or Ambiguous if there is none that is known.
func (t *table) writer(element Element) int32 {
	mask := len(t.entries) - 1
	for i := t.place(element); ; i = (i + 1) & mask {
		switch e := &t.entries[i]; {
		case e.used == 0:
			return Garbage
		case e.element == element:
			return e.writer
		}
	}
}

// place is where an element belongs.
func (t *table) place(element Element) int {
	const golden = 0x9e3779b97f4a7c15 // Fibonacci hashing: neighbours are spread evenly (Knuth, volume 3, 6.4)
	return int(uint64(element) * golden >> t.shift)
}

// at is the entry of an element, which is made if there is none.
func (t *table) at(element Element) *entry {
	mask := len(t.entries) - 1
	for i := t.place(element); ; i = (i + 1) & mask {
		e := &t.entries[i]
		if e.used == 0 {
			*e = entry{element, Garbage, used}
			return e
		}
		if e.element == element {
			return e
		}
	}
}

package sets

import (
	"slices"

	"faultline/history"
)

// sighting is what reads say of an element.
type sighting struct {
	last  int32 // where the read was invoked that has it and began last; -1 if none has it
	after int32 // how many reads have it that began after it was known
	begun int32 // how many reads began after it was known
}

// lacking is how many reads lack an element though they began after it was known.
func (s sighting) lacking() int32 { return s.begun - s.after }

// sightings are those of all elements in some reads, which are in order of invocation. An element is known from the position on.
func (s *set) sightings(reads []read, known []int32) []sighting {
	all := make([]sighting, len(s.added))
	for e := range all {
		all[e].last = -1
		from, _ := slices.BinarySearchFunc(reads, known[e], func(r read, at int32) int { return int(r.Invoked) - int(at) })
		all[e].begun = int32(len(reads) - from)
	}
	for _, r := range reads {
		s.Clock.Spend(len(r.has))
		for _, e := range r.has {
			all[e].last = r.Invoked
			if r.Invoked > known[e] {
				all[e].after++
			}
		}
	}
	return all
}

// acknowledged is from where on each element is known if only acknowledgements tell.
func (s *set) acknowledged() []int32 {
	known := make([]int32, len(s.added))
	for e := range known {
		known[e] = s.added[e].acknowledged
	}
	return known
}

// known is from where on each element is known: its add has returned, or a read that has it.
func (s *set) known() (known []int32, by []*history.Operation) {
	known = s.acknowledged()
	by = make([]*history.Operation, len(known))
	for e := range by {
		by[e] = s.added[e].by
	}
	for _, r := range s.reads {
		s.Clock.Spend(len(r.has))
		for _, e := range r.has {
			if r.Returned < known[e] {
				known[e], by[e] = r.Returned, r.Operation
			}
		}
	}
	return known, by
}

// final are the reads of the last phase of the test, and where that begins. It is false if the test says nothing of such a phase.
func (s *set) final() (reads []read, phase int32, ok bool) {
	for _, r := range s.reads {
		if s.Final(r.Operation) {
			reads = append(reads, r)
		}
	}
	phase, ok = s.LastPhase()
	return reads, phase, ok
}

// before leaves of what is known only that which was known before a position.
func before(position int32, known []int32) []int32 {
	early := slices.Clone(known)
	for e := range early {
		if early[e] >= position {
			early[e] = never
		}
	}
	return early
}

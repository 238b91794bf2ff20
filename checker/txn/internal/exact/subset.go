package exact

import (
	"slices"

	"faultline/checker/txn/internal/wr"
)

// subset is the history of some transactions alone, in order of their numbers. Reads from others are left out. If it cannot be ordered, neither
// can the whole: an order of the whole orders it too.
func subset(h *wr.History, transactions []int32) *wr.History {
	s := &wr.History{First: []int32{0}}
	number := map[int32]int32{wr.Initial: wr.Initial, wr.Write: wr.Write}
	for i, t := range transactions {
		number[t] = int32(i)
	}
	sessions, keys := numbering{}, numbering{}
	for _, t := range transactions {
		s.Session = append(s.Session, sessions.of(h.Session[t]))
		if h.Begin != nil {
			s.Begin, s.End = append(s.Begin, h.Begin[t]), append(s.End, h.End[t])
		}
		for _, e := range h.Of(t) {
			if from, kept := number[e.From]; kept {
				s.Events = append(s.Events, wr.Event{Key: keys.of(e.Key), From: from})
			}
		}
		s.First = append(s.First, int32(len(s.Events)))
	}
	s.Keys = len(keys)
	if h.Ordered != nil {
		s.Ordered = make([][]int32, s.Keys)
		for key, i := range keys {
			for _, t := range h.Ordered[key] {
				if number, kept := number[t]; kept {
					s.Ordered[i] = append(s.Ordered[i], number)
				}
			}
		}
	}
	return s
}

// numbering gives numbers from 0 in the order of appearance.
type numbering map[int32]int32

func (n numbering) of(x int32) int32 {
	i, known := n[x]
	if !known {
		i = int32(len(n))
		n[x] = i
	}
	return i
}

// union is all of several sorted sets.
func union(sets ...[]int32) []int32 {
	all := slices.Concat(sets...)
	slices.Sort(all)
	return slices.Compact(all)
}

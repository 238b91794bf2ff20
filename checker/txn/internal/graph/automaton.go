package graph

import "faultline/checker/txn/models"

// walk is what matters of the edges on a way, to tell which class a cycle is of when the way comes back to where it began.
type walk struct {
	begun     bool
	missed    uint8 // how many edges are rw of either kind; 2 for more
	first     bool  // the first edge is rw
	last      bool  // the last edge is rw
	adjacent  bool  // two rw follow each other
	predicate bool  // an edge is rw by predicate
	read      bool  // an edge is wr
	level     bool  // an edge is of the level's kind
	length    uint8 // how many edges there are, where that matters
}

// automaton tells what becomes of the state of a walk with each edge. State 0 is that of no edges.
type automaton struct {
	next   [][kinds]int8 // dead if no cycle of the class goes on like this
	closes []bool        // the walk is a cycle of the class if it is back where it began
}

const dead = -1

// automatonOf makes the automaton of a class: it follows all walks and keeps of them what matters.
func automatonOf(c Class) *automaton {
	a := &automaton{}
	numbers := map[walk]int8{{}: 0}
	walks := []walk{{}}
	for i := 0; i < len(walks); i++ {
		var next [kinds]int8
		for k := range kinds {
			next[k] = dead
			w, ok := c.step(walks[i], k)
			if !ok {
				continue
			}
			n, known := numbers[w]
			if !known {
				n = int8(len(walks))
				numbers[w] = n
				walks = append(walks, w)
			}
			next[k] = n
		}
		a.next = append(a.next, next)
		a.closes = append(a.closes, c.closes(walks[i]))
	}
	return a
}

// step is a walk with one edge more; false if no cycle of the class contains it.
func (c Class) step(w walk, k Kind) (walk, bool) {
	if !c.Kinds().Has(k) {
		return w, false
	}
	misses := k == RW || k == RWPredicate
	if w.begun && misses && w.last {
		w.adjacent = true
	}
	if c.Base == LongFork {
		if w.begun && misses == w.last || k == WW || w.length == 4 {
			return w, false
		}
		w.length++
	}
	if misses {
		w.missed = min(w.missed+1, 2)
	}
	if !w.begun {
		w.begun, w.first = true, misses
	}
	w.last = misses
	w.predicate = w.predicate || k == RWPredicate
	w.read = w.read || k == WR
	w.level = w.level || k == Process || k == Realtime
	return c.relevant(w)
}

// relevant forgets what does not matter to the class.
func (c Class) relevant(w walk) (walk, bool) {
	kept := walk{begun: true, level: w.level && c.Level != models.Data}
	switch c.Base {
	case G0:
	case G1c:
		kept.read = w.read
	case GSingleItem:
		kept.missed = w.missed
		return kept, w.missed < 2
	case GSingle:
		kept.missed, kept.predicate = w.missed, w.predicate
		return kept, w.missed < 2 && (w.missed == 0 || w.predicate)
	case LongFork:
		kept.length, kept.last = w.length, w.last
	case GNonadjacentItem, GNonadjacent:
		kept.missed, kept.first, kept.last = w.missed, w.first, w.last
		kept.predicate = w.predicate && c.Base == GNonadjacent
		return kept, !w.adjacent
	case G2Item, G2:
		kept.adjacent = w.adjacent
		if !w.adjacent {
			kept.first, kept.last = w.first, w.last
		}
		kept.predicate = w.predicate && c.Base == G2
	}
	return kept, true
}

// closes reports whether a walk that is back where it began is a cycle of the class.
func (c Class) closes(w walk) bool {
	if c.Level != models.Data && !w.level {
		return false
	}
	around := w.first && w.last // the last edge and the first one are adjacent, too
	switch c.Base {
	case G0:
		return w.begun
	case G1c:
		return w.read
	case GSingleItem, GSingle:
		return w.missed == 1
	case LongFork:
		return w.length == 4
	case GNonadjacentItem:
		return w.missed == 2 && !around
	case GNonadjacent:
		return w.missed == 2 && !around && w.predicate
	case G2Item:
		return w.adjacent || around
	default:
		return (w.adjacent || around) && w.predicate
	}
}

package isolation

import (
	"slices"

	"faultline/internal/audit/oracle"
)

// Anomalies are the names, as Elle has them, of all anomalies of a history of lists that is Determined and not malformed. A cycle has the
// name of what it is and those of what it is a case of: one with a single anti-dependency is G-single and G2. Writes of unknown outcome that
// were read are committed if G1a is forbidden, so that a cycle of writes through one is no G0, but G1c. Every kind of
// dependency between two neighbours counts, so that a cycle may have several names. Forms with -process and -realtime need such an edge.
func (h *History) Anomalies() map[string]bool {
	o := newObserved(h)
	found := map[string]bool{}
	for t := range h.Transactions {
		if h.Transactions[t].Outcome != oracle.OK {
			continue
		}
		for i, s := range h.Transactions[t].Steps {
			if s.Kind == Read {
				o.inRead(found, t, i)
			}
		}
	}
	found["reordered-appends"] = o.reordered()
	found["dirty-update"] = o.dirtyUpdate()
	found["lost-update"] = o.lostUpdate()
	found["long-fork"] = o.longFork()
	cycles{o.edges(), o.unknown(), found}.search()
	for name, is := range found {
		if !is {
			delete(found, name)
		}
	}
	return found
}

// Depends reports whether there is a dependency of any kind from one transaction to another, of a history as Anomalies wants it.
func (h *History) Depends(from, to int) bool {
	g := newObserved(h).edges()
	return slices.ContainsFunc(g[:], func(r []set) bool { return r[from].has(to) })
}

// observed is the order of elements that reads show.
type observed struct {
	h       *History
	longest [][]int
	lists   [][]int // by key, the committed elements of the longest
}

func newObserved(h *History) *observed {
	o := &observed{h: h, longest: h.longest(), lists: make([][]int, len(h.Keys))}
	for key, list := range o.longest {
		for _, element := range list {
			if h.Transactions[o.writer(key, element)].Outcome != oracle.Fail {
				o.lists[key] = append(o.lists[key], element)
			}
		}
	}
	return o
}

// writer is who appended an element, whatever came of it.
func (o *observed) writer(key, element int) int {
	return slices.IndexFunc(o.h.Transactions, func(t Transaction) bool { return t.appends(key, element) })
}

// seen is how many of the committed elements a read saw.
func (o *observed) seen(s Step) int {
	n := 0
	for n < len(o.lists[s.Key]) && slices.Contains(s.Seen, o.lists[s.Key][n]) {
		n++
	}
	return n
}

// at is the writer of the committed element at a place; initial before the first, and behind the last nobody, which is initial too.
func (o *observed) at(key, place int) int {
	if place < 0 || place >= len(o.lists[key]) {
		return initial
	}
	return o.writer(key, o.lists[key][place])
}

// inRead finds the anomalies of a single read: of what was aborted (G1a), of what was not final (G1b), and one that is not in keeping with
// what the transaction did before (internal).
func (o *observed) inRead(found map[string]bool, t, at int) {
	tx := &o.h.Transactions[t]
	s := tx.Steps[at]
	for i, element := range s.Seen {
		writer := o.writer(s.Key, element)
		if writer == t {
			continue
		}
		of := &o.h.Transactions[writer]
		all := after(nil, of.Steps, s.Key)
		found["G1a"] = found["G1a"] || of.Outcome == oracle.Fail
		found["G1b"] = found["G1b"] || i == len(s.Seen)-1 && element != all[len(all)-1]
	}
	own := after(nil, tx.Steps[:at], s.Key)
	internal := len(s.Seen) < len(own) || !slices.Equal(s.Seen[len(s.Seen)-len(own):], own)
	for i, earlier := range tx.Steps[:at] {
		if earlier.Kind == Read && earlier.Key == s.Key {
			internal = internal || !slices.Equal(s.Seen, after(earlier.Seen, tx.Steps[i:at], s.Key))
		}
	}
	future := slices.ContainsFunc(tx.Steps[at:], func(b Step) bool {
		return b.Kind == Append && b.Key == s.Key && slices.Contains(s.Seen, b.Value)
	})
	found["internal"] = found["internal"] || internal || future
	found["future-read"] = found["future-read"] || future
}

// reordered: a list has the elements of a transaction in another order than that in which it appended them. (Elle has no name for it.)
func (o *observed) reordered() bool {
	for key, list := range o.longest {
		for _, tx := range o.h.Transactions {
			var shown []int
			for _, element := range list {
				if tx.appends(key, element) {
					shown = append(shown, element)
				}
			}
			appended := slices.DeleteFunc(after(nil, tx.Steps, key), func(v int) bool { return !slices.Contains(shown, v) })
			if !slices.Equal(shown, appended) {
				return true
			}
		}
	}
	return false
}

// dirtyUpdate: a committed append behind one that was aborted.
func (o *observed) dirtyUpdate() bool {
	for key, list := range o.longest {
		aborted := false
		for _, element := range list {
			if o.h.Transactions[o.writer(key, element)].Outcome == oracle.Fail {
				aborted = true
			} else if aborted {
				return true
			}
		}
	}
	return false
}

// lostUpdate: two transactions that read the same version of a key, and append to it.
func (o *observed) lostUpdate() bool {
	type base struct{ key, seen int }
	updates := map[base]set{}
	for t, tx := range o.h.Transactions {
		for _, s := range tx.Steps {
			if s.Kind == Read && tx.Outcome == oracle.OK && tx.writes(s.Key) {
				b := base{s.Key, o.seen(s)}
				if updates[b] |= 1 << t; updates[b] != 1<<t {
					return true
				}
			}
		}
	}
	return false
}

// longFork: of two transactions one reader saw the first and missed something of the second, and another saw the second and missed something
// of the first.
func (o *observed) longFork() bool {
	type fork struct{ seen, missed int }
	readers := map[fork]set{}
	for t, tx := range o.h.Transactions {
		seen, missed := o.sights(&tx)
		for a := range o.h.Transactions {
			for b := range o.h.Transactions {
				if a != b && a != t && b != t && seen.has(a) && missed.has(b) {
					readers[fork{a, b}] = readers[fork{a, b}].with(t)
				}
			}
		}
	}
	for f, some := range readers {
		if others := readers[fork{f.missed, f.seen}]; others != 0 && (others != some || others&(others-1) != 0) {
			return true
		}
	}
	return false
}

// sights are the transactions of which a transaction saw an element, and those of which it did not see one that it might have.
func (o *observed) sights(tx *Transaction) (seen, missed set) {
	for _, s := range tx.Steps {
		if s.Kind != Read {
			continue
		}
		for at := range o.lists[s.Key] {
			if at < o.seen(s) {
				seen = seen.with(o.at(s.Key, at))
			} else {
				missed = missed.with(o.at(s.Key, at))
			}
		}
	}
	return seen, missed
}

// edges are all dependencies between committed transactions, by kind. Those of whose elements nothing was read are not committed.
func (o *observed) edges() graph {
	g := newGraph(len(o.h.Transactions))
	for key, list := range o.lists {
		for i := range list {
			g.add(ww, o.at(key, i-1), o.at(key, i))
		}
	}
	for t, tx := range o.h.Transactions {
		for _, s := range tx.Steps {
			if s.Kind != Read {
				continue
			}
			seen := o.seen(s)
			g.add(wr, o.at(s.Key, seen-1), t)
			if s.Scan {
				g.add(predicateRW, t, o.at(s.Key, seen))
			}
			if !s.Scan || seen > 0 {
				g.add(itemRW, t, o.at(s.Key, seen))
			}
		}
		for other := range o.h.Transactions {
			if o.committed(t) && o.committed(other) {
				if o.h.precedes(bySession, t, other) {
					g.add(inSession, t, other)
				}
				if o.h.precedes(byRealTime, t, other) {
					g.add(inRealTime, t, other)
				}
			}
		}
	}
	return g
}

func (o *observed) unknown() set {
	var unknown set
	for t, tx := range o.h.Transactions {
		if tx.Outcome == oracle.Info {
			unknown = unknown.with(t)
		}
	}
	return unknown
}

func (o *observed) committed(t int) bool {
	tx := &o.h.Transactions[t]
	return tx.Outcome == oracle.OK || tx.Outcome == oracle.Info && slices.ContainsFunc(tx.Steps, func(s Step) bool {
		return s.Kind == Append && slices.Contains(o.longest[s.Key], s.Value)
	})
}

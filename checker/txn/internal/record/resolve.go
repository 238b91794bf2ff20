package record

import "faultline/history"

// resolver finds out what the reads of some keys saw. Resolvers of different keys may work at once: they write to different elements of
// the columns, and collect the rest.
type resolver struct {
	h     *History
	lists []branches        // of each key that has several
	table table             // the elements of the key
	first map[Element]int32 // of those that several steps wrote, the first one

	all, cells cells // of all keys, and of the key

	duplicates []Duplicate
	aside      []Aside
	unknown    bool    // there are transactions of unknown outcome
	seen       []int32 // those of them that took effect, as somebody saw it
}

func (r *resolver) resolve(key int32) {
	steps := r.h.Keys.Of(key)
	r.cells = r.all.of(&r.h.Keys, key)
	clear(r.first)
	writes := 0
	for _, kind := range r.cells.kinds {
		if kind == Write {
			writes++
		}
	}
	if r.h.Model == RWRegister {
		r.table.reset(writes)
		r.writes(steps)
		r.registerReads()
		return
	}
	l := &r.h.Lists
	base := l.Base[key]
	r.table.reset(writes + int(l.Base[key+1]-base))
	l.Agreed[key] = l.Length[key]
	for place := base; place < l.Base[key+1]; place++ {
		e := r.table.at(l.Elements[place])
		if _, twice := e.place(); twice {
			l.Agreed[key] = min(l.Agreed[key], place-base)
		} else {
			e.setPlace(place)
		}
	}
	r.writes(steps)
	for place := base; place < l.Base[key+1]; place++ {
		r.writer(key, place)
	}
	r.listReads(key, steps)
}

// writes puts the writes of a key into the table.
func (r *resolver) writes(steps []int32) {
	for i, step := range steps {
		if r.cells.kinds[i] != Write {
			continue
		}
		e := r.table.at(r.cells.values[i])
		if place, ok := e.place(); ok {
			r.h.Steps.Saw[step] = place
		}
		if e.writer == Garbage {
			e.writer = step
		} else {
			r.again(e, step)
		}
	}
}

// again notes that a step writes an element which another one wrote before.
func (r *resolver) again(e *entry, step int32) {
	if e.writer != Ambiguous {
		if r.first == nil {
			r.first = map[Element]int32{}
		}
		r.first[e.element], e.writer = e.writer, Ambiguous
	}
	r.duplicates = append(r.duplicates, Duplicate{r.first[e.element], step})
}

// writer says who wrote the element at a place.
func (r *resolver) writer(key, place int32) {
	l := &r.h.Lists
	writer := r.table.at(l.Elements[place]).writer
	l.Writer[place] = writer
	if writer == Ambiguous {
		l.Agreed[key] = min(l.Agreed[key], place-l.Base[key])
	}
	r.see(writer)
}

// see notes that an ok transaction saw a write.
func (r *resolver) see(writer int32) {
	if r.unknown && writer >= 0 {
		if t := r.h.Steps.Txn[writer]; r.h.Outcome[t] == history.Info {
			r.seen = append(r.seen, t)
		}
	}
}

func (r *resolver) listReads(key int32, steps []int32) {
	s, l := &r.h.Steps, &r.h.Lists
	lists := r.lists[key]
	agreed := make([]int32, len(lists)) // with the longest list, of each branch
	for i, list := range lists {
		agreed[i] = int32(common(list, lists.longest()))
		l.Agreed[key] = min(l.Agreed[key], agreed[i])
	}
	for i := range lists {
		if int32(i) == lists.main() {
			agreed[i] = int32(len(lists[i]))
		}
	}
	for i, step := range steps {
		branch, length := s.Saw[step], int32(r.cells.values[i])
		if r.cells.kinds[i] == Write || branch < 0 {
			continue
		}
		if lists == nil || length <= agreed[branch] {
			s.Saw[step] = l.Writer[l.Base[key]+length-1]
			continue
		}
		list := lists[branch][:length]
		r.aside = append(r.aside, Aside{step, list, agreed[branch]})
		s.Saw[step] = r.table.writer(list[length-1])
	}
}

// registerReads has the cells of reads hold what these saw.
func (r *resolver) registerReads() {
	for i, kind := range r.cells.kinds {
		if kind == Write || kind == unread {
			continue
		}
		saw := r.table.writer(r.cells.values[i])
		if r.cells.values[i] == Absent {
			if saw == Garbage {
				saw = Initial
			} else {
				saw = Ambiguous // or nobody had written
			}
		}
		r.cells.values[i] = Element(saw)
		r.see(saw)
	}
}

// takeBack has the reads of registers hold what their cells do.
func (h *History) takeBack(c cells) {
	h.Keys.each(&h.Steps, func(step, at int32) {
		if kind := c.kinds[at]; kind != Write && kind != unread {
			h.Steps.Saw[step] = int32(c.values[at])
		}
	})
}

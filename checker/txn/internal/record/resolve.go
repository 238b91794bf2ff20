package record

import "faultline/history"

// resolver finds out what the reads of some keys saw. Resolvers of different keys may work at once: they write to different elements of
// the columns, and collect the rest.
type resolver struct {
	h     *History
	lists []branches // of each key that has several
	table table      // the elements of the key

	duplicates []Duplicate
	aside      []Aside
	seen       []int32 // transactions of unknown outcome that took effect, as somebody saw it
}

func (r *resolver) resolve(key int32) {
	steps := r.h.Keys.Of(key)
	if r.h.Model == RWRegister {
		r.table.reset(r.countWrites(steps))
		r.writes(steps)
		r.registerReads(steps)
		return
	}
	l := &r.h.Lists
	base := l.Base[key]
	r.table.reset(r.countWrites(steps) + int(l.Base[key+1]-base))
	l.Agreed[key] = l.Length[key]
	for place := base; place < l.Base[key+1]; place++ {
		if e := r.table.at(l.Elements[place]); e.place < 0 {
			e.place = place
		} else {
			l.Agreed[key] = min(l.Agreed[key], place-base) // it comes twice
		}
	}
	r.writes(steps)
	for place := base; place < l.Base[key+1]; place++ {
		r.writer(key, place)
	}
	r.listReads(key, steps)
}

func (r *resolver) countWrites(steps []int32) (n int) {
	for _, step := range steps {
		if r.h.Steps.Kind[step] == Write {
			n++
		}
	}
	return n
}

// writes puts the writes of a key into the table.
func (r *resolver) writes(steps []int32) {
	s := &r.h.Steps
	for _, step := range steps {
		if s.Kind[step] != Write {
			continue
		}
		e := r.table.at(s.Value[step])
		if e.place >= 0 {
			s.Saw[step] = e.place
		}
		if e.writer == Garbage {
			e.writer, e.first = step, step
		} else {
			e.writer = Ambiguous
			r.duplicates = append(r.duplicates, Duplicate{e.first, step})
		}
	}
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
	if writer >= 0 {
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
	for _, step := range steps {
		branch, length := s.Saw[step], int32(s.Value[step])
		if s.Kind[step] == Write || branch < 0 {
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

func (r *resolver) registerReads(steps []int32) {
	s := &r.h.Steps
	for _, step := range steps {
		if s.Kind[step] == Write || s.Saw[step] == Unread {
			continue
		}
		saw := r.table.writer(s.Value[step])
		if s.Value[step] == Absent {
			if saw == Garbage {
				saw = Initial
			} else {
				saw = Ambiguous // or nobody had written
			}
		}
		s.Saw[step] = saw
		r.see(saw)
	}
}

package lists

import (
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/record"
)

// Relation is what the lists of a history say of the order of its transactions. It keeps no edges: a version is a place in record.Lists, and
// an edge is found by looking up the next place.
type Relation struct {
	h *record.History
	// later says that edges lead to all that replaced a version at some time, see Later.
	later bool
	// readers[readersFrom[p]:readersFrom[p+1]] are the transactions that read the version at place p.
	readersFrom, readers []int32
	// late[lateFrom[k]:lateFrom[k+1]] are the transactions that wrote key k after the longest list that was read of it, each once. Their order is
	// not known. Each of them has two hubs, see up and down.
	lateFrom, late []int32
	lateKey        []int32 // of each of them
}

// New makes the relation. It takes linear time.
func New(h *record.History) *Relation {
	r := &Relation{h: h}
	r.collectReaders()
	r.collectLate()
	return r
}

// collectReaders sorts reads by the version that they saw.
func (r *Relation) collectReaders() {
	s := &r.h.Steps
	r.readersFrom = make([]int32, len(r.h.Lists.Elements)+1)
	for step, kind := range s.Kind {
		if place := r.placeSeen(int32(step), kind); place >= 0 {
			r.readersFrom[place+1]++
		}
	}
	for place := range r.h.Lists.Elements {
		r.readersFrom[place+1] += r.readersFrom[place]
	}
	r.readers = make([]int32, r.readersFrom[len(r.h.Lists.Elements)])
	next := append([]int32(nil), r.readersFrom...)
	for step, kind := range s.Kind {
		if place := r.placeSeen(int32(step), kind); place >= 0 {
			r.readers[next[place]] = s.Txn[step]
			next[place]++
		}
	}
}

// placeSeen is the version that a step read; negative if it read none that somebody wrote.
func (r *Relation) placeSeen(step int32, kind record.Kind) int32 {
	if !kind.IsRead() {
		return -1
	}
	write := r.h.Steps.Saw[step]
	if write < 0 {
		return -1
	}
	return r.h.Steps.Saw[write]
}

// collectLate finds the writes of each key that nobody read.
func (r *Relation) collectLate() {
	h := r.h
	r.lateFrom = make([]int32, h.Keys.Len()+1)
	for key := range int32(h.Keys.Len()) {
		if r.ordered(key) {
			for _, step := range h.Keys.Of(key) {
				t := h.Steps.Txn[step]
				if h.Steps.Kind[step] != record.Write || h.Steps.Saw[step] >= 0 || !h.Committed[t] {
					continue
				}
				if n := len(r.late); n == int(r.lateFrom[key]) || r.late[n-1] != t {
					r.late, r.lateKey = append(r.late, t), append(r.lateKey, key)
				}
			}
		}
		r.lateFrom[key+1] = int32(len(r.late))
	}
}

// ordered reports whether all reads of a key agree: only then what nobody read comes behind what was read.
func (r *Relation) ordered(key int32) bool {
	l := &r.h.Lists
	return l.Agreed[key] == l.Base[key+1]-l.Base[key]
}

// Txns implements graph.Relation.
func (r *Relation) Txns() int { return r.h.Len() }

// Hubs implements graph.Relation.
func (r *Relation) Hubs() int {
	hubs := 2 * len(r.late)
	if r.later {
		hubs += len(r.h.Lists.Elements)
	}
	return hubs
}

// Out implements graph.Relation.
func (r *Relation) Out(node int32, arcs []graph.Arc) []graph.Arc {
	if node >= int32(r.h.Len()) {
		return r.hub(node, arcs)
	}
	if !r.h.Committed[node] {
		return arcs
	}
	for step := r.h.First[node]; step < r.h.First[node+1]; step++ {
		arcs = r.ofStep(node, step, arcs)
	}
	return arcs
}

func (r *Relation) ofStep(t, step int32, arcs []graph.Arc) []graph.Arc {
	s, l := &r.h.Steps, &r.h.Lists
	saw, key := s.Saw[step], s.Key[step]
	switch kind := s.Kind[step]; {
	case kind == record.Write:
		if saw < 0 {
			return arcs
		}
		for _, reader := range r.readers[r.readersFrom[saw]:r.readersFrom[saw+1]] {
			if reader != t {
				arcs = append(arcs, graph.Arc{To: reader, Kind: graph.WR})
			}
		}
		return r.next(t, key, saw-l.Base[key]+1, graph.WW, arcs)
	case saw == record.Unread:
		return arcs
	case kind == record.Read:
		return r.next(t, key, int32(s.Value[step]), graph.RW, arcs)
	case kind == record.Scanned:
		return r.next(t, key, int32(s.Value[step]), graph.RWPredicate, arcs)
	default:
		for absent := range r.h.Absent(step) {
			arcs = r.next(t, absent, 0, graph.RWPredicate, arcs)
		}
		return arcs
	}
}

// next appends the arcs to whoever installed the version of a key after the first so many elements.
func (r *Relation) next(t, key, length int32, kind graph.Kind, arcs []graph.Arc) []graph.Arc {
	write, late := r.nextWrite(key, length)
	switch {
	case late:
		return r.toLate(t, key, kind, arcs)
	case write < 0 || r.h.Steps.Txn[write] == t:
		return arcs
	case r.later:
		return append(arcs, graph.Arc{To: r.from(r.h.Steps.Saw[write]), Kind: kind})
	default:
		return append(arcs, graph.Arc{To: r.h.Steps.Txn[write], Kind: kind})
	}
}

// nextWrite is the committed write of the version of a key after the first so many elements; negative if it is not known. Late says that it is
// one of those that nobody read.
func (r *Relation) nextWrite(key, length int32) (write int32, late bool) {
	l := &r.h.Lists
	for place := l.Base[key] + length; place < l.Base[key]+l.Agreed[key]; place++ {
		if write := l.Writer[place]; write >= 0 && r.h.Committed[r.h.Steps.Txn[write]] {
			return write, false
		}
	}
	return -1, length <= l.Agreed[key] && r.ordered(key)
}

// Unread goes through the keys that several transactions wrote after the last version that was read, with these: nobody knows their
// order.
func (r *Relation) Unread(yield func(txns []int32) bool) {
	for key := range r.h.Keys.Len() {
		if txns := r.late[r.lateFrom[key]:r.lateFrom[key+1]]; len(txns) > 1 && !yield(txns) {
			return
		}
	}
}

// Between is an append of another committed transaction that certainly came after what a read found and before an append of the reader to the
// same key; negative if there is none.
func (r *Relation) Between(read, write int32) int32 {
	s := &r.h.Steps
	next, _ := r.nextWrite(s.Key[read], int32(s.Value[read]))
	if next < 0 || s.Txn[next] == s.Txn[read] {
		return -1
	}
	if before := s.Saw[next] < s.Saw[write]; before || s.Saw[write] < 0 && r.ordered(s.Key[read]) {
		return next
	}
	return -1
}

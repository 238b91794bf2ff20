package weak

import (
	"slices"

	"faultline/checker/txn/internal/wr"
)

// effort bounds the search for a shorter cycle, in predecessors looked at.
const effort = 1 << 24

// violations makes a violation of each component.
func (r *relation) violations(cyclic [][]int32) []Violation {
	f := &finder{r: r, inside: make([]bool, r.h.Len()), from: make([]int32, r.h.Len())}
	var found []Violation
	for _, component := range cyclic[:min(len(cyclic), enough)] {
		cycle := f.shortest(component)
		found = append(found, Violation{Anomaly: r.name(cycle), Cycle: cycle})
	}
	return found
}

// staleReads makes a violation of each read of an initial value by a transaction that had seen a write.
func (r *relation) staleReads() []Violation {
	var found []Violation
	for _, i := range r.stale {
		overwritten := Edge{From: i.from, To: wr.Initial, Why: Overwritten, Key: i.key, Seen: r.seen(i)}
		cycle := []Edge{{From: wr.Initial, To: i.from, Why: Start, Key: -1}, overwritten}
		found = append(found, Violation{Anomaly: r.name(cycle), Cycle: cycle})
	}
	return found
}

// finder finds short cycles in components.
type finder struct {
	r      *relation
	inside []bool
	from   []int32 // 1 more than the transaction from which a search came, along predecessors
	queue  []int32
	steps  int
}

// shortest finds a shortest cycle in a component, as long as there is effort left to search from each of its transactions.
func (f *finder) shortest(component []int32) []Edge {
	for _, t := range component {
		f.inside[t] = true
	}
	defer func() {
		for _, t := range component {
			f.inside[t] = false
		}
	}()
	f.steps = 0
	var best []int32
	for _, t := range component {
		if best != nil && (len(best) == 2 || f.steps > effort) {
			break
		}
		if cycle := f.through(t, len(best)); cycle != nil {
			best = cycle
		}
	}
	edges := make([]Edge, len(best))
	for i, t := range best {
		edges[i] = f.r.edge(t, best[(i+1)%len(best)])
	}
	return edges
}

// through finds a shortest cycle through t with fewer than limit transactions; 0 is no limit. Its search is breadth first, along predecessors, so
// from leads back to t in the order of the relation.
func (f *finder) through(t int32, limit int) []int32 {
	f.queue = append(f.queue[:0], t)
	defer func() {
		for _, u := range f.queue {
			f.from[u] = 0
		}
	}()
	level, end := 1, 1
	for head := 0; head < len(f.queue); head++ {
		if head == end {
			level, end = level+1, len(f.queue)
		}
		if limit > 0 && level >= limit {
			return nil
		}
		u := f.queue[head]
		for n := int32(0); ; n++ {
			p, more := f.r.predecessor(u, n)
			f.steps++
			if !more {
				break
			}
			if p == t {
				return f.path(t, u)
			}
			if p != none && f.inside[p] && f.from[p] == 0 {
				f.from[p] = u + 1
				f.queue = append(f.queue, p)
			}
		}
	}
	return nil
}

// path is the way from t to u and on to t: u was the last to be reached.
func (f *finder) path(t, u int32) []int32 {
	cycle := []int32{t}
	for ; u != t; u = f.from[u] - 1 {
		cycle = append(cycle, u)
	}
	return cycle
}

// edge is the simplest reason for t to come before u.
func (r *relation) edge(t, u int32) Edge {
	for _, e := range r.h.Of(u) {
		if e.From == t {
			return Edge{From: t, To: u, Why: WriteRead, Key: e.Key}
		}
	}
	if r.sessions.before[u] == t {
		return Edge{From: t, To: u, Why: Session, Key: -1}
	}
	var best []int32
	key := int32(-1)
	for _, i := range r.inferred[r.into[u]:r.into[u+1]] {
		if i.from != t {
			continue
		}
		if seen := r.seen(i); best == nil || len(seen) < len(best) {
			best, key = seen, i.key
		}
		if len(best) == 2 {
			break
		}
	}
	return Edge{From: t, To: u, Why: Overwritten, Key: key, Seen: best}
}

// seen is a shortest way from the transaction that was seen to the reader that had seen it.
func (r *relation) seen(i inference) []int32 {
	from := map[int32]int32{i.reader: none}
	queue := []int32{i.reader}
	for head := 0; head < len(queue); head++ {
		t := queue[head]
		own := int32(1 + len(r.h.Of(t))) // session order and write-read, not what was inferred
		for n := range own {
			p, _ := r.predecessor(t, n)
			if _, known := from[p]; p == none || known {
				continue
			}
			from[p] = t
			if p == i.from {
				return trail(from, p)
			}
			queue = append(queue, p)
		}
	}
	return []int32{i.from, i.reader} // not reached: an inference has such a way
}

func trail(from map[int32]int32, t int32) []int32 {
	var way []int32
	for ; t != none; t = from[t] {
		way = append(way, t)
	}
	return slices.Clip(way)
}

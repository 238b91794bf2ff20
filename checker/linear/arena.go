package linear

import (
	"sync"

	"faultline/history"
)

// arena is the memory of a check. Asking the system for memory, page by page, takes longer than the
// algorithms that need it, and so does collecting it; so a check leaves its arena to the next one.
type arena struct {
	items  []item
	refs   []int32
	ints   []int64
	chunk  []int32 // for tables of values
	free   []int32 // the part that is not taken
	tables tables

	// Of a history on one key, or of one key after another.
	object object
	values values
}

var arenas = sync.Pool{New: func() any { return new(arena) }}

// objectOf makes an object with room for n of the operations. It takes the whole arena.
func (r *arena) objectOf(m *Model, name string, ops []history.Operation, n int) *object {
	r.items, r.refs, r.ints, r.free = resize(r.items, n), resize(r.refs, n), resize(r.ints, expectedValues(n)), r.chunk
	r.values = makeValues(r.ints, n, r)
	r.object = object{name: name, model: m, ops: ops, items: r.items[:0], refs: r.refs[:0], values: &r.values, tables: &r.tables}
	r.object.begin()
	return &r.object
}

// take returns n numbers that nobody else uses, all 0.
func (r *arena) take(n int) []int32 {
	r.reserve(n)
	taken := r.free[:n:n]
	r.free = r.free[n:]
	clear(taken)
	return taken
}

// reserve makes room for n more numbers. It comes to a size that does for checks of this kind.
func (r *arena) reserve(n int) {
	if len(r.free) < n {
		r.chunk = make([]int32, len(r.chunk)+n)
		r.free = r.chunk
	}
}

// leave makes the arena free for the next check.
func (r *arena) leave() {
	r.free, r.object, r.values = r.chunk, object{}, values{} // which hold the history
	arenas.Put(r)
}

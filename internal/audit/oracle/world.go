package oracle

import "slices"

// access is a read or a write of one register. A cas is a read and then a write; nothing keeps others from coming between.
type access struct {
	session int
	key     string
	write   bool
	value   string
	not     bool // of a read: what it saw is any other value, as for a cas that failed and does not tell what it found
}

func (a access) sees(value string) bool { return (a.value == value) != a.not }

// world is one way in which a history can have come about: what took effect of that which ended in info, and which
// write each read saw.
type world struct {
	accesses []access // those of a session in its order
	from     []int    // of a read: the write that it saw, -1 for the initial value
}

const initially = -1

// inSomeWorld is the model of the histories that some world explains in which a condition holds. If they all are circular,
// in that something is the cause of itself, the answer is open: some definitions exclude that, and others do not speak of it.
func inSomeWorld(holds func(world) bool) func(History) Answer {
	return func(h History) Answer {
		switch {
		case someWorld(h.Operations, func(w world) bool { return w.acyclic() && holds(w) }):
			return Yes
		case someWorld(h.Operations, holds):
			return Open
		}
		return No
	}
}

func someWorld(ops []Operation, holds func(world) bool) bool {
	var certain, pending []Operation
	for _, op := range ops {
		switch {
		case op.certain():
			certain = append(certain, op)
		case op.pending() && op.F != "read":
			pending = append(pending, op)
		}
	}
	for subset := range 1 << len(pending) {
		took := slices.Clone(certain)
		for i, op := range pending {
			if subset>>i&1 == 1 {
				took = append(took, op)
			}
		}
		accesses := accessesOf(took)
		if explained(world{accesses, make([]int, len(accesses))}, 0, holds) {
			return true
		}
	}
	return false
}

func accessesOf(ops []Operation) []access {
	slices.SortFunc(ops, func(a, b Operation) int { return a.Invoked - b.Invoked })
	var accesses []access
	add := func(op Operation, a access) {
		a.session, a.key = op.Process, op.Key
		accesses = append(accesses, a)
	}
	for _, op := range ops {
		switch op.F {
		case "read":
			add(op, access{value: op.Output.canon})
		case "write":
			add(op, access{write: true, value: op.Input.canon})
		case "delete":
			add(op, access{write: true, value: "nil"})
		case "cas":
			old, value := op.Input.items[0].canon, op.Input.items[1].canon
			switch {
			case !op.Compared:
				add(op, access{value: old})
				add(op, access{write: true, value: value})
			case op.Output.kind == None:
				add(op, access{value: old, not: true})
			default:
				add(op, access{value: op.Output.canon})
			}
		}
	}
	return accesses
}

// explained tries all writes that the reads from a position on can have seen.
func explained(w world, at int, holds func(world) bool) bool {
	if at == len(w.accesses) {
		return holds(w)
	}
	read := w.accesses[at]
	if read.write {
		return explained(w, at+1, holds)
	}
	w.from[at] = initially
	if read.sees("nil") && explained(w, at+1, holds) {
		return true
	}
	for i, a := range w.accesses {
		w.from[at] = i
		if a.write && a.key == read.key && read.sees(a.value) && explained(w, at+1, holds) {
			return true
		}
	}
	return false
}

// relation has for each access the accesses before it.
type relation []uint64

// programOrder is the order of each session.
func (w world) programOrder() relation {
	before := make(relation, len(w.accesses))
	for i, a := range w.accesses {
		for j, b := range w.accesses[:i] {
			if a.session == b.session {
				before[i] |= 1 << j
			}
		}
	}
	return before
}

// causalOrder is the closure of program order and of who read what from whom. It is no order if there is a circle in it.
func (w world) causalOrder() (before relation, acyclic bool) {
	before = w.programOrder()
	for i, a := range w.accesses {
		if !a.write && w.from[i] != initially {
			before[i] |= 1 << w.from[i]
		}
	}
	return before, before.close()
}

func (w world) acyclic() bool {
	_, ok := w.causalOrder()
	return ok
}

// close makes a relation transitive. It tells whether nothing is before itself.
func (before relation) close() bool {
	for k := range before {
		for i := range before {
			if before[i]>>k&1 == 1 {
				before[i] |= before[k]
			}
		}
	}
	for i := range before {
		if before[i]>>i&1 == 1 {
			return false
		}
	}
	return true
}

func (w world) writes() uint64 {
	var writes uint64
	for i, a := range w.accesses {
		if a.write {
			writes |= 1 << i
		}
	}
	return writes
}

func (w world) sessions() []int {
	var sessions []int
	for _, a := range w.accesses {
		if !slices.Contains(sessions, a.session) {
			sessions = append(sessions, a.session)
		}
	}
	return sessions
}

// causalMemory: for each session one order of its reads and all writes, which keeps causal order (Ahamad and others 1995).
func (w world) causalMemory() bool {
	before, ok := w.causalOrder()
	return ok && w.eachSessionHasOrder(before)
}

// pram: the same for the order of the sessions (Lipton and Sandberg 1988).
func (w world) pram() bool { return w.eachSessionHasOrder(w.programOrder()) }

func (w world) eachSessionHasOrder(before relation) bool {
	for _, session := range w.sessions() {
		in := w.writes()
		for i, a := range w.accesses {
			if a.session == session {
				in |= 1 << i
			}
		}
		if !w.serial(in, before) {
			return false
		}
	}
	return true
}

// serial tells whether some of the accesses have an order in which each read sees the last write before it.
func (w world) serial(in uint64, before relation) bool {
	type configuration struct {
		done uint64
		last uint64 // the writes of which none was overwritten
	}
	visited := map[configuration]bool{}
	var reach func(at configuration) bool
	reach = func(at configuration) bool {
		if at.done == in {
			return true
		}
		if visited[at] {
			return false
		}
		visited[at] = true
		for i, a := range w.accesses {
			if in>>i&1 == 0 || at.done>>i&1 == 1 || before[i]&in&^at.done != 0 {
				continue
			}
			held, value := w.held(at.last, a.key)
			next := configuration{at.done | 1<<i, at.last}
			if a.write {
				next.last = next.last&^held | 1<<i
			} else if !a.sees(value) {
				continue
			}
			if reach(next) {
				return true
			}
		}
		return false
	}
	return reach(configuration{})
}

// held is the write among these to a key, as a set, and its value.
func (w world) held(last uint64, key string) (write uint64, value string) {
	for i, a := range w.accesses {
		if last>>i&1 == 1 && a.key == key {
			return 1 << i, a.value
		}
	}
	return 0, "nil"
}

// causalConvergence: one order of all writes, which keeps causal order; each read sees the last of the writes that are
// causally before it (Bouajjani and others 2017).
func (w world) causalConvergence() bool {
	before, ok := w.causalOrder()
	return ok && w.someOrderOfWrites(before, func(order []int) bool {
		for i, a := range w.accesses {
			value := "nil"
			for _, write := range order {
				if before[i]>>write&1 == 1 && w.accesses[write].key == a.key {
					value = w.accesses[write].value
				}
			}
			if !a.write && !a.sees(value) {
				return false
			}
		}
		return true
	})
}

// someOrderOfWrites tells whether some order of all writes that keeps a relation is accepted.
func (w world) someOrderOfWrites(before relation, accept func(order []int) bool) bool {
	writes := w.writes()
	var extend func(order []int, done uint64) bool
	extend = func(order []int, done uint64) bool {
		if done == writes {
			return accept(order)
		}
		for i := range w.accesses {
			if writes&^done>>i&1 == 1 && before[i]&writes&^done == 0 && extend(append(order, i), done|1<<i) {
				return true
			}
		}
		return false
	}
	return extend(nil, 0)
}

// causal: for each read the writes that are causally before it have an order, which keeps causal order, whose last write
// to the key is what it saw (Bouajjani and others 2017).
func (w world) causal() bool {
	before, ok := w.causalOrder()
	if !ok {
		return false
	}
	for i, read := range w.accesses {
		if read.write {
			continue
		}
		past := world{accesses: slices.Clone(w.accesses)}
		for j := range past.accesses {
			if before[i]>>j&1 == 0 {
				past.accesses[j].write = false // it has no place in the order
			}
		}
		if !past.someOrderOfWrites(before, func(order []int) bool {
			value := "nil"
			for _, write := range order {
				if past.accesses[write].key == read.key {
					value = past.accesses[write].value
				}
			}
			return read.sees(value)
		}) {
			return false
		}
	}
	return true
}

// writesFollowReads: all writes have an order in which what a session had read comes before what it wrote later
// (Terry and others 1994).
func (w world) writesFollowReads() bool {
	before := make(relation, len(w.accesses))
	for i, a := range w.accesses {
		for j, b := range w.accesses[:i] {
			if a.write && !b.write && a.session == b.session && w.from[j] != initially {
				before[i] |= 1 << w.from[j]
			}
		}
	}
	return before.close()
}

// monotonicWrites: all writes have an order that keeps that of each session. There always is one; what was read must
// have been written.
func (w world) monotonicWrites() bool {
	return w.someOrderOfWrites(w.programOrder(), func([]int) bool { return true })
}

// monotonicReads: for each session and key its versions have an order, the initial one first, in which the session's reads
// go forward, and in which its writes come after what it had read and written (Terry and others 1994).
func (w world) monotonicReads() bool {
	return w.eachSessionAndKeyHasVersions(func(earlier, later access, from, to int, at func(int) int) bool {
		return at(from) <= at(to) || later.write || earlier.write
	})
}

// readYourWrites: the same, with reads that do not go behind what the session had written.
func (w world) readYourWrites() bool {
	return w.eachSessionAndKeyHasVersions(func(earlier, later access, from, to int, at func(int) int) bool {
		return at(from) <= at(to) || later.write || !earlier.write
	})
}

// eachSessionAndKeyHasVersions looks for the order of versions. The condition is asked of each two accesses of the session to
// the key; from and to are their versions, and at is where the order has a version.
func (w world) eachSessionAndKeyHasVersions(holds func(earlier, later access, from, to int, at func(int) int) bool) bool {
	version := func(i int) int {
		if w.accesses[i].write {
			return i
		}
		return w.from[i]
	}
	for i, a := range w.accesses {
		if slices.ContainsFunc(w.accesses[:i], func(b access) bool { return a.session == b.session && a.key == b.key }) {
			continue // the first of its session and key stands for all
		}
		ofKey := world{accesses: slices.Clone(w.accesses)}
		for j := range ofKey.accesses {
			ofKey.accesses[j].write = ofKey.accesses[j].write && ofKey.accesses[j].key == a.key
		}
		if !ofKey.someOrderOfWrites(make(relation, len(w.accesses)), func(order []int) bool {
			at := func(version int) int { return slices.Index(order, version) } // -1 for the initial one
			for l, later := range w.accesses {
				for e, earlier := range w.accesses[:l] {
					if later.session != a.session || later.key != a.key || earlier.session != a.session || earlier.key != a.key {
						continue
					}
					if later.write && at(version(e)) >= at(l) || !holds(earlier, later, version(e), version(l), at) {
						return false
					}
				}
			}
			return true
		}) {
			return false
		}
	}
	return true
}

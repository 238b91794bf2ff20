package oracle

// Spec is a sequential specification.
type Spec struct {
	Name    string
	Initial string // the state at first
	// Step returns the states in which an operation may leave the object, in each of which it returned what it did; none if
	// it cannot have returned that. What an operation that ended in info returned is not known.
	Step func(state string, op *Operation) []string
}

// Linearizable decides whether the operations on one object are linearizable (Herlihy and Wing 1990): whether they
// have an order that the specification accepts, in which what returned before another was invoked comes first.
// What ended in info may take effect or not. What failed did not, and says nothing unless it compared.
func Linearizable(spec Spec, ops []Operation) bool {
	return ordered(spec, ops, func(a, b *Operation) bool { return a.Returned < b.Invoked }, anyState)
}

func anyState(string) bool { return true }

// ordered tells whether some order of the operations is accepted by the specification and ends in an accepted state.
// It has all that is certain and some of what is pending. Where precedes(a, b) holds and a is certain, a comes
// before b. There can be 64 operations at most.
func ordered(spec Spec, ops []Operation, precedes func(a, b *Operation) bool, accept func(state string) bool) bool {
	ops = relevant(ops)
	var certain uint64
	before := make([]uint64, len(ops))
	for a := range ops {
		if !ops[a].certain() {
			continue
		}
		certain |= 1 << a
		for b := range ops {
			if a != b && precedes(&ops[a], &ops[b]) {
				before[b] |= 1 << a
			}
		}
	}
	type configuration struct {
		done  uint64
		state string
	}
	visited := map[configuration]bool{}
	var reach func(at configuration) bool
	reach = func(at configuration) bool {
		if at.done&certain == certain && accept(at.state) {
			return true
		}
		if visited[at] {
			return false
		}
		visited[at] = true
		for i := range ops {
			if at.done>>i&1 == 1 || before[i]&^at.done != 0 {
				continue
			}
			for _, next := range spec.Step(at.state, &ops[i]) {
				if reach(configuration{at.done | 1<<i, next}) {
					return true
				}
			}
		}
		return false
	}
	return reach(configuration{0, spec.Initial})
}

func relevant(ops []Operation) []Operation {
	var kept []Operation
	for _, op := range ops {
		if op.certain() || op.pending() {
			kept = append(kept, op)
		}
	}
	return kept
}

// IsLinearization tells whether an order, of positions in the operations, is one that shows that they are linearizable:
// it has all that is certain, keeps real time, and is accepted.
func IsLinearization(spec Spec, ops []Operation, order []int) bool {
	placed := map[int]bool{}
	states := map[string]bool{spec.Initial: true}
	for _, at := range order {
		for earlier := range ops {
			if ops[earlier].certain() && !placed[earlier] && ops[earlier].Returned < ops[at].Invoked {
				return false
			}
		}
		placed[at] = true
		next := map[string]bool{}
		for state := range states {
			for _, after := range spec.Step(state, &ops[at]) {
				next[after] = true
			}
		}
		states = next
	}
	for i := range ops {
		if ops[i].certain() && !placed[i] {
			return false
		}
	}
	return len(states) > 0
}

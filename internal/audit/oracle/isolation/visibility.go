package isolation

// visibility is how what a transaction sees is closed, in the definitions of Cerone, Bernardi and Gotsman (2015).
type visibility struct {
	transitive bool // TRANSVIS: it sees what those see that it sees
	conflicts  bool // NOCONFLICT: of two that write a key one sees the other
	elements   bool // a read of a list sees every append to it, not only the last
}

// admits reports whether, with the fewest transactions visible that these axioms allow, each read is from the last visible
// transaction that wrote the key (EXT). More of them would be no help: they can only be later writers.
func (v visibility) admits(e *execution, t int, reads []read) bool {
	sees := e.before[t]
	for _, r := range reads {
		sees |= e.sources(r, v.elements)
	}
	if v.conflicts {
		for key, chain := range e.chains {
			for _, other := range chain[1:] {
				if e.h.Transactions[t].writes(key) {
					sees = sees.with(other.by)
				}
			}
		}
	}
	if v.transitive {
		for _, other := range e.order {
			if sees.has(other) {
				sees |= e.sees[other]
			}
		}
	}
	e.sees[t] = sees
	for _, r := range reads {
		if e.overwritten(r, sees) {
			return false
		}
	}
	return true
}

// sources are the transactions that a reader of a version sees for that alone.
func (e *execution) sources(r read, elements bool) set {
	var sources set
	for v, version := range e.chains[r.key][:r.version+1] {
		if v > 0 && (v == r.version || elements && e.h.Lists) {
			sources = sources.with(version.by)
		}
	}
	return sources
}

// overwritten reports whether one of the set wrote a later version than was read.
func (e *execution) overwritten(r read, by set) bool {
	for _, later := range e.chains[r.key][r.version+1:] {
		if by.has(later.by) {
			return true
		}
	}
	return false
}

// monotonicAtomicView: once a transaction has seen one, it sees all that this one wrote, or something later (Bailis et al. 2014; Biswas and
// Enea's axiom of read committed). Scans are read at once, or each key after all others, whichever order that is.
func monotonicAtomicView(scansAtOnce bool) func(e *execution, t int, reads []read) bool {
	return func(e *execution, _ int, reads []read) bool {
		for i, r := range reads {
			var seen set
			for j, other := range reads {
				if other.step < r.step || !scansAtOnce && other.step == r.step && i != j {
					seen |= e.sources(other, false)
				}
			}
			if e.overwritten(r, seen) {
				return false
			}
		}
		return true
	}
}

// anyVersion: each read is from a version that a transaction before in the order left behind, so that there is no G1.
func anyVersion(*execution, int, []read) bool { return true }

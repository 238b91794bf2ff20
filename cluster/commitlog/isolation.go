package commitlog

// marker is the end of a transaction, in each partition that it is in.
type marker string

const (
	commits marker = "commit"
	aborts  marker = "abort"
)

// isolation is what the first entries of a log say of transactions: those that no marker has ended, and what consumers do not get.
type isolation struct {
	open   map[uint64][]uint64 // by producer: the entries of its transaction
	hidden map[uint64]bool     // markers, and the entries that were aborted
}

func newIsolation() isolation {
	return isolation{open: map[uint64][]uint64{}, hidden: map[uint64]bool{}}
}

// note takes notice of the next entry, and returns those that it decides.
func (i *isolation) note(n uint64, m message) (decided []uint64) {
	switch {
	case m.Marker != "":
		decided = i.open[m.Producer]
		delete(i.open, m.Producer)
		i.hidden[n] = true
		for _, n := range decided {
			i.hidden[n] = m.Marker == aborts
		}
	case m.Epoch != 0:
		i.open[m.Producer] = append(i.open[m.Producer], n)
	}
	return decided
}

// lastStable is how many of the first entries are decided, with all before them: the last stable offset. A consumer stops there. Were it to
// leave out what is open and go on it would have to come back.
func (r *replica) lastStable() uint64 {
	stable := r.high
	for _, entries := range r.settled.open {
		stable = min(stable, entries[0]-1)
	}
	return stable
}

// committedOnly hides what consumers with isolation.level=read_committed do not get of what is stable.
func (r *replica) committedOnly(n uint64) bool { return r.settled.hidden[n] }

// markersOnly hides what no consumer gets.
func (r *replica) markersOnly(n uint64) bool { return r.log[n-1].Command.Marker != "" }

// unstable reports whether there is a transaction that will say, once it is decided, how far a group is in a partition.
func (r *replica) unstable(group, partition string) bool {
	for _, entries := range r.whole.open {
		for _, n := range entries {
			if p := r.log[n-1].Command.Progress; p != nil && p.Group == group && p.Partition == partition {
				return true
			}
		}
	}
	return false
}

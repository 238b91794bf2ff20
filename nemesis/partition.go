package nemesis

// network is the subject of partitions in a history. Other faults of the network add their name, since each
// begins and ends independently of the others.
const network = "network"

const partitionUsage = "partition n1,n2 | n3,n4,n5, or n1 > n2,n3 to cut one way; " +
	"a group is names or a symbol: leader, one, minority, majority, rest"

var partitionVerb = verb{name: "partition", usage: partitionUsage, parse: parsePartition}

// partition cuts links, and mends those that an earlier partition cut and this one does not.
//
// Two nodes that are in groups, and never in the same one, do not hear each other. Groups may overlap,
// so that the same rule says more than which halves there are. A bridge, where only n3 sees everybody:
//
//	partition n1,n2,n3 | n3,n4,n5
//
// and a ring, where each node sees a majority, itself and its two neighbours, and no two nodes the same:
//
//	partition n1,n2 | n2,n3 | n3,n4 | n4,n5 | n5,n1
//
// A node in no group hears everybody. With > in place of |, messages from the left to the right are
// lost and the other direction works.
type partition scope

func (p partition) String() string { return "partition " + scope(p).String() }

func parsePartition(l *line) (Action, error) {
	s, err := parseGroups(l, "partition", groupSymbols)
	if err != nil {
		return nil, err
	}
	if len(s.groups) == 1 {
		l.next()
		return nil, l.errorf("a partition needs a second group; usage: %s", partitionUsage)
	}
	return partition(s), nil
}

func (p partition) check(f *forecast) error { return scope(p).check(f, "partition", groupSymbols) }

func (p partition) carryOut(r *Runner) Action {
	s, ok := r.cutScope(byPartition, scope(p), "")
	if !ok {
		return nil
	}
	return partition(s)
}

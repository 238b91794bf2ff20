package nemesis

// presence is a set of answers to whether a node has a condition.
type presence uint8

const (
	absent presence = 1 << iota
	present
)

// changeCondition refuses what certainly changes nothing on the named nodes, and moves the forecast on. From
// is what a node must be for an effect.
func (f *forecast) changeCondition(c *condition, t targets, from, to presence, also func(int)) error {
	nodes := f.conditions[c.id]
	if s := t.symbol; s != noSymbol {
		if s.random() && s.size(len(f.nodes)) == 0 {
			return f.refuse(s.String(), "%d nodes have no %s", len(f.nodes), s)
		}
		for n, before := range nodes {
			nodes[n] = f.conditionAfter(before, from, to)
			if s != all { // some other node may be the one
				nodes[n] |= before
			}
			if also != nil {
				also(n)
			}
		}
		return nil
	}
	for _, name := range t.names {
		n, err := f.node(name, c.symbols)
		switch {
		case err != nil:
			return err
		case nodes[n]&from == 0 && from == absent:
			return f.refuse(name, "%s certainly has %s already here", name, c.begins)
		case nodes[n]&from == 0:
			return f.refuse(name, "%s certainly has no %s here", name, c.begins)
		}
		nodes[n] = f.conditionAfter(nodes[n], from, to)
		if also != nil {
			also(n)
		}
	}
	return nil
}

// newDisk moves the forecast on past a time at which the node may have got another disk.
func (f *forecast) newDisk(n int) {
	for _, c := range conditions {
		if c.ofDisk && f.conditions[c.id][n]&present != 0 {
			f.conditions[c.id][n] |= absent
		}
	}
}

func (f *forecast) conditionAfter(before, from, to presence) presence {
	if before&from == 0 {
		return before
	}
	return before&^from | to
}

// expectDeaths adds, for nodes that may die of themselves or be killed in between, that they have, and that
// they were started again.
func (f *forecast) expectDeaths() {
	for n, m := range f.mortal {
		if m {
			f.states[n] |= running | down
		}
	}
}

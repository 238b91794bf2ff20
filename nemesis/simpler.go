package nemesis

import "slices"

// simplifiable is an action that has simpler ones of its kind: on fewer nodes, or in fewer words.
type simplifiable interface {
	Action
	// simpler returns them, the simplest first. Each weighs less than the action, so repeated simplification ends.
	simpler(nodes []string) []Action
}

// Simpler returns simpler events at the same time: they do what e does to fewer nodes, or in fewer words. The simplest
// comes first. There are none for an event that cannot be simpler. In its schedule a simpler event may have no effect;
// Check finds that out.
func (e Event) Simpler(nodes []string) []Event {
	a, ok := e.Action.(simplifiable)
	if !ok {
		return nil
	}
	var events []Event
	for _, b := range a.simpler(nodes) {
		events = append(events, Event{At: e.At, Action: b})
	}
	return events
}

// weight is how hard it is to understand which nodes an action aims at. The leader weighs less than a name: it says why
// this node is chosen, and still does when another node leads with another seed. A symbol that stands for many nodes, or
// for a random one, weighs more than a name, and less than many names.
func (t targets) weight() int {
	switch t.symbol {
	case noSymbol:
		return 2 * len(t.names)
	case theLeader, theRest:
		return 1
	default:
		return 3
	}
}

// fewer are the targets without one of their names, for each name.
func (t targets) fewer() []targets {
	var all []targets
	for i := range t.names {
		if len(t.names) > 1 {
			all = append(all, targets{names: slices.Delete(slices.Clone(t.names), i, i+1)})
		}
	}
	return all
}

func (a nodeAction) simpler(nodes []string) []Action {
	names := a.targets.names
	if a.targets.symbol != noSymbol {
		names = nodes
	}
	aims := []targets{{symbol: theLeader}}
	for _, name := range names {
		aims = append(aims, targets{names: []string{name}})
	}
	if len(names) == len(nodes) {
		aims = append(aims, targets{symbol: all})
	}
	aims = append(aims, a.targets.fewer()...)

	var actions []Action
	for _, t := range aims {
		known := t.symbol == noSymbol || slices.Contains(a.verb.symbols, t.symbol)
		if known && t.weight() < a.targets.weight() {
			b := a
			b.targets = t
			actions = append(actions, b)
		}
	}
	return actions
}

func (p partition) simpler(nodes []string) []Action {
	rest := targets{symbol: theRest}
	alone := []targets{{symbol: theLeader}}
	for _, name := range nodes {
		alone = append(alone, targets{names: []string{name}})
	}
	var divisions [][]targets
	for _, t := range alone {
		divisions = append(divisions, []targets{t, rest})
		if p.oneWay {
			divisions = append(divisions, []targets{rest, t})
		}
	}
	for i, g := range p.groups {
		if len(p.groups) > 2 {
			divisions = append(divisions, slices.Delete(slices.Clone(p.groups), i, i+1))
		}
		for _, t := range g.fewer() {
			groups := slices.Clone(p.groups)
			groups[i] = t
			divisions = append(divisions, groups)
		}
	}

	var actions []Action
	for _, groups := range divisions {
		q := p
		q.groups = groups
		if q.weight() < p.weight() {
			actions = append(actions, q)
		}
	}
	return actions
}

func (p partition) weight() int {
	sum := 0
	for _, g := range p.groups {
		sum += g.weight()
	}
	return sum
}

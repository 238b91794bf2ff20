package nemesis

import "time"

const flapUsage = "flap n1,n2 | n3,n4,n5 every 300ms, until end flap; groups are those of a partition, " +
	"and at each such time the links are mended or cut again"

var flapVerb = verb{name: "flap", usage: flapUsage, parse: parseFlap}

// flap is a partition that comes and goes: its links are cut at once, mended after the time given, cut
// again after as much, and so on.
type flap struct {
	scope scope
	every time.Duration
}

func (f flap) String() string { return "flap " + f.scope.String() + f.tail() }

func (f flap) tail() string { return " every " + f.every.String() }

func parseFlap(l *line) (Action, error) {
	s, err := parseGroups(l, "flap", groupSymbols)
	if err != nil {
		return nil, err
	}
	if len(s.groups) == 1 {
		l.next()
		return nil, l.errorf("a second group should stand here; usage: %s", flapUsage)
	}
	every, err := parseEvery(l)
	return flap{s, every}, err
}

func (f flap) check(c *forecast) error { return f.scope.check(c, "flap", groupSymbols) }

func (f flap) carryOut(r *Runner) Action {
	s, ok := r.cutScope(byFlap, f.scope, f.tail())
	if !ok {
		return nil
	}
	p := &pulse{f.every}
	r.pulses[byFlap] = p
	r.later(p.every, func() { r.flap(p, s.links(r.nodes)) })
	return flap{s, f.every}
}

// flap mends what it has cut, or cuts it again, and will do so once more.
func (r *Runner) flap(p *pulse, cut links) {
	if r.pulses[byFlap] != p {
		return // it was ended
	}
	if r.cuts[byFlap].empty() {
		r.cutOnly(byFlap, cut)
	} else {
		r.cutOnly(byFlap, newLinks(len(r.nodes)))
	}
	r.later(p.every, func() { r.flap(p, cut) })
}

var flapFault = lasting{name: "flap", suffered: suffersCuts, in: byFlap.inEffect, end: func(r *Runner) bool {
	byFlap.end(r)
	return true // also where it ends between two cuts
}}

package nemesis

const onewayUsage = "oneway n1 > n2,n3, until end oneway; a group is names or a symbol: leader, one, minority, majority, rest"

var onewayVerb = verb{name: "oneway", usage: onewayUsage, parse: parseOneway}

// oneway loses what is sent from its first group to its second, while the other direction works: as the
// partition of that form, and it ends by itself, so that both can be in effect.
type oneway struct{ scope scope }

func (o oneway) String() string { return "oneway " + o.scope.String() }

func parseOneway(l *line) (Action, error) {
	s, err := parseGroups(l, "oneway", groupSymbols)
	if err != nil {
		return nil, err
	}
	if !s.oneWay {
		l.next()
		return nil, l.errorf("> and a second group should stand here; usage: %s", onewayUsage)
	}
	return oneway{s}, nil
}

func (o oneway) check(f *forecast) error { return o.scope.check(f, "oneway", groupSymbols) }

func (o oneway) carryOut(r *Runner) Action {
	s, ok := r.cutScope(byOneway, o.scope, "")
	if !ok {
		return nil
	}
	return oneway{s}
}

var onewayFault = lasting{name: "oneway", suffered: suffersCuts, in: byOneway.inEffect, end: byOneway.end}

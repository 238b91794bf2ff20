package nemesis

import (
	"errors"

	"faultline/history"
)

const resetUsage = "reset n1,n2 or a symbol (leader, one, minority, majority, all) for all connections of these nodes, " +
	"those of clients included, or reset n1 | n2,n3 for those between groups"

var resetVerb = verb{name: "reset", usage: resetUsage, parse: parseReset}

// reset breaks connections at an instant: both ends are told that they are gone. New ones can be made at once.
type reset struct{ scope scope }

func (a reset) String() string { return "reset " + a.scope.String() }

func parseReset(l *line) (Action, error) {
	before := *l
	s, err := parseScope(l, "reset")
	if err == nil && s.oneWay {
		for before.next() != ">" {
		}
		err = before.errorf("a reset has no direction; usage: %s", resetUsage)
	}
	return reset{s}, err
}

func (a reset) check(f *forecast) error { return a.scope.check(f, "reset", scopeSymbols) }

func (a reset) carryOut(r *Runner) Action {
	s, err := scope{}, errors.New("this system cannot suffer reset")
	if r.faults.Resets != nil {
		s, err = a.scope.resolve(r)
	}
	if err != nil {
		r.note("reset", subjectOf("reset"), history.TextValue(a.scope.String()), err.Error())
		return nil
	}
	if len(s.groups) == 1 {
		for _, name := range s.groups[0].names {
			r.faults.Resets.Reset(name)
		}
	} else {
		r.resetBetween(s.links(r.nodes))
	}
	r.note("reset", subjectOf("reset"), history.TextValue(s.String()), "")
	r.note("reset", subjectOf("reset"), history.Value{}, "") // and it is over
	return reset{s}
}

// resetBetween breaks the connections that run over links which are in the set with both directions.
func (r *Runner) resetBetween(l links) {
	for a := range r.nodes {
		for b := range r.nodes[:a] {
			if l[a][b] {
				r.faults.Resets.ResetBetween(r.nodes[b], r.nodes[a])
			}
		}
	}
}

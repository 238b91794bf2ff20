package nemesis

import (
	"fmt"

	"faultline/cluster"
	"faultline/history"
)

// impairVerb is a verb that makes links worse to a degree, until it is ended. Parsing, the Runner and the end
// all follow from this one description.
type impairVerb struct {
	kind  impairment
	name  string
	usage string // of the degree
	parse func(*line) (degree, error)
	none  degree // undoes any other
}

// impairment is a way in which a link is worse. Each kind is independent of the others.
type impairment uint8

const (
	byDelay impairment = iota
	byLoss
	byThrottle
	byReorder
	impairments // how many there are
)

// degree is how much worse a link gets.
type degree interface {
	String() string
	set(i cluster.Impairments, from, to string)
}

func (v *impairVerb) verb() verb {
	return verb{
		name:  v.name,
		usage: fmt.Sprintf("%s LINKS %s, until end %s; LINKS are %s", v.name, v.usage, v.name, scopeUsage),
		parse: func(l *line) (Action, error) {
			s, err := parseScope(l, v.name)
			if err != nil {
				return nil, err
			}
			d, err := v.parse(l)
			return impair{v, s, d}, err
		},
	}
}

// impair makes the links of a scope worse to a degree, and all others as good as they were before any
// action of the same verb.
type impair struct {
	verb   *impairVerb
	scope  scope
	degree degree
}

func (a impair) String() string { return a.verb.name + " " + a.detail() }

// detail is what follows the verb.
func (a impair) detail() string { return a.scope.String() + " " + a.degree.String() }

func (a impair) check(f *forecast) error { return a.scope.check(f, a.verb.name, scopeSymbols) }

func (a impair) carryOut(r *Runner) Action {
	q, err := a.scope, error(nil)
	if r.faults.Impairments == nil {
		err = fmt.Errorf("this system cannot suffer %s", a.verb.name)
	} else {
		q, err = a.scope.resolve(r)
	}
	if err != nil {
		r.note(a.verb.name, subjectOf(a.verb.name), history.TextValue(a.detail()), err.Error())
		return nil
	}
	a.scope = q
	r.impairOnly(a.verb, q.links(r.nodes), a.degree)
	r.note(a.verb.name, subjectOf(a.verb.name), history.TextValue(a.detail()), "")
	return a
}

// impairOnly makes these the links that the verb impairs.
func (r *Runner) impairOnly(v *impairVerb, want links, d degree) {
	before := r.impaired[v.kind]
	for a, from := range r.nodes {
		for b, to := range r.nodes {
			if want[a][b] {
				d.set(r.faults.Impairments, from, to)
			} else if before != nil && before[a][b] {
				v.none.set(r.faults.Impairments, from, to)
			}
		}
	}
	r.impaired[v.kind] = want
}

func (v *impairVerb) lasting() *lasting {
	return &lasting{
		name:     v.name,
		suffered: func(f cluster.Faults) bool { return f.Impairments != nil },
		in:       func(r *Runner) bool { return !r.impaired[v.kind].empty() },
		end: func(r *Runner) bool {
			r.impairOnly(v, newLinks(len(r.nodes)), v.none)
			return true
		},
	}
}

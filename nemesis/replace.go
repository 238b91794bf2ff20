package nemesis

import (
	"errors"
	"fmt"

	"faultline/history"
)

var replaceSymbols = []symbol{theLeader, one}

var replaceVerb = verb{
	name:  "replace",
	usage: "replace with " + takes(replaceSymbols),
	parse: func(l *line) (Action, error) {
		t, err := parseTargets(l, "replace", replaceSymbols)
		return replace{t}, err
	},
}

// replace removes voters one after the other, puts machines with empty disks in their places, and adds those as
// voters.
type replace struct{ targets targets }

func (a replace) String() string { return "replace " + a.targets.String() }

func (a replace) check(f *forecast) error {
	switch s := a.targets.symbol; {
	case s != noSymbol && len(f.nodes) <= minVoters(len(f.nodes)):
		return f.refuse(s.String(), "of %d nodes %d must stay voters", len(f.nodes), minVoters(len(f.nodes)))
	case s != noSymbol:
		for n := range f.nodes {
			f.newDisk(n)
		}
		return nil
	}
	for _, name := range a.targets.names {
		n, err := f.node(name, replaceSymbols)
		switch {
		case err != nil:
			return err
		case f.members[n]&voter == 0:
			return f.refuse(name, "%s is certainly %s here, and replace is for a node that is %s", name, f.members[n], voter)
		case f.states[n]&running == 0:
			return f.refuse(name, "%s is certainly %s here, and replace is for a node that is %s", name, f.states[n], running)
		case !spareVoters(f.members):
			return f.refuse(name, "of %d nodes %d must stay voters", len(f.nodes), minVoters(len(f.nodes)))
		}
		f.newDisk(n)
	}
	return nil
}

func (a replace) carryOut(r *Runner) Action {
	chosen, err := a.choose(r)
	if err != nil {
		r.note("replace", a.targets.String(), history.TextValue(a.targets.String()), err.Error())
		return nil
	}
	var done []string
	for _, n := range chosen {
		name := r.nodes[n]
		err := a.possible(r, n)
		if err == nil {
			err = r.faults.Members.Replace(name)
		}
		if err != nil {
			r.note("replace", membershipOf(name), history.TextValue(a.targets.String()), err.Error())
			continue
		}
		r.note("replace", membershipOf(name), history.TextValue(a.targets.String()), "")
		r.note("replace", membershipOf(name), history.Value{}, "") // and it is over: nobody has to end it
		r.newDisk(n)
		done = append(done, name)
	}
	if len(done) == 0 {
		return nil
	}
	return replace{targets{names: done}}
}

func (a replace) choose(r *Runner) ([]int, error) {
	if r.faults.Members == nil {
		return nil, errors.New("this system cannot suffer replace")
	}
	chosen, err := r.choose(a.targets, func(n int) bool { return a.possible(r, n) == nil })
	if err == nil && len(chosen) == 0 {
		err = errors.New("no node can be replaced: it must be a voter, running, and one more than must stay")
	}
	return chosen, err
}

func (a replace) possible(r *Runner, n int) error {
	switch {
	case r.members[n] != voter:
		return fmt.Errorf("%s is %s", r.nodes[n], r.members[n])
	case r.states[n] != running:
		return fmt.Errorf("%s is %s", r.nodes[n], r.states[n])
	case !spareVoters(r.members):
		return fmt.Errorf("of %d nodes %d must stay voters", len(r.nodes), minVoters(len(r.nodes)))
	}
	return nil
}

package nemesis

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"faultline/cluster"
	"faultline/history"
)

// members is a set of what a node may be to the others. A set of one is that.
type members uint8

const (
	voter members = 1 << iota
	nonvoter
	outside
)

func (m members) String() string {
	var names []string
	for i, name := range [...]string{"a voter", "a nonvoter", "outside"} {
		if m&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// memberVerb is a verb that makes a node something else to the others.
type memberVerb struct {
	name    string
	from    members
	to      members
	symbols []symbol
	as      cluster.Membership
}

var (
	remove      = memberVerb{"remove", voter | nonvoter, outside, []symbol{theLeader, one, minority}, cluster.Outside}
	demote      = memberVerb{"demote", voter, nonvoter, []symbol{theLeader, one, minority}, cluster.Nonvoter}
	addNonvoter = memberVerb{"add-nonvoter", outside, nonvoter, []symbol{one, all}, cluster.Nonvoter}
	promote     = memberVerb{"promote", nonvoter, voter, []symbol{one, all}, cluster.Voter}
	add         = memberVerb{"add", outside | nonvoter, voter, []symbol{one, all}, cluster.Voter}
)

// begins: a fault lasts until the node is a voter again.
func (v *memberVerb) begins() bool { return v.to != voter }

func (v *memberVerb) verb() verb {
	w := verb{
		name:  v.name,
		usage: fmt.Sprintf("%s with %s", v.name, takes(v.symbols)),
		parse: func(l *line) (Action, error) {
			t, err := parseTargets(l, v.name, v.symbols)
			if err != nil {
				return nil, err
			}
			return memberAction{v, t}, nil
		},
	}
	if v == &add {
		w.mend = func(r *Runner) {
			if r.voters() < len(r.nodes) {
				memberAction{v, targets{symbol: all}}.carryOut(r)
			}
		}
	}
	return w
}

// minVoters is how many of n nodes stay voters. With fewer, one more fault would leave no majority.
func minVoters(n int) int { return n/2 + 1 }

// memberAction is a memberVerb done to some nodes.
type memberAction struct {
	verb    *memberVerb
	targets targets
}

func (a memberAction) String() string { return a.verb.name + " " + a.targets.String() }

func (a memberAction) check(f *forecast) error {
	if a.targets.symbol != noSymbol {
		return a.checkSymbol(f)
	}
	for _, name := range a.targets.names {
		n, err := f.node(name, a.verb.symbols)
		if err != nil {
			return err
		}
		switch before := f.members[n]; {
		case before&a.verb.from == 0:
			return f.refuse(name, "%s is certainly %s here, and %s is for a node that is %s", name, before, a.verb.name, a.verb.from)
		case a.verb.begins() && before == voter && f.mostVoters() <= minVoters(len(f.nodes)):
			return f.refuse(name, "of %d nodes %d must stay voters", len(f.nodes), minVoters(len(f.nodes)))
		}
		f.members[n] = a.verb.to
	}
	return nil
}

// mostVoters is how many nodes may be voters.
func (f *forecast) mostVoters() int {
	count := 0
	for _, m := range f.members {
		if m&voter != 0 {
			count++
		}
	}
	return count
}

func (a memberAction) checkSymbol(f *forecast) error {
	s := a.targets.symbol
	if s.random() && s.size(len(f.nodes)) == 0 {
		return f.refuse(s.String(), "%d nodes have no %s", len(f.nodes), s)
	}
	possible := a.verb.begins() || s == all // as for processes: a family is drawn without regard to others
	for n, before := range f.members {
		if before&a.verb.from == 0 {
			continue
		}
		possible = true
		f.members[n] = before&^a.verb.from | a.verb.to
		if s != all {
			f.members[n] |= before
		}
	}
	if !possible {
		return f.refuse(s.String(), "certainly no node is %s here", a.verb.from)
	}
	return nil
}

func (r *Runner) voters() int {
	count := 0
	for _, m := range r.members {
		if m == voter {
			count++
		}
	}
	return count
}

func (a memberAction) carryOut(r *Runner) Action {
	v := a.verb
	if r.faults.Members == nil {
		r.note(v.name, a.targets.String(), a.value(), fmt.Sprintf("this system cannot suffer %s", v.name))
		return nil
	}
	chosen, err := r.choose(a.targets, func(n int) bool { return r.members[n]&v.from != 0 })
	if err == nil && len(chosen) == 0 {
		err = fmt.Errorf("no node is %s", v.from)
	}
	if err != nil {
		r.note(v.name, a.targets.String(), a.value(), err.Error())
		return nil
	}
	var done []string
	for _, n := range chosen {
		name := r.nodes[n]
		if err := a.change(r, n); err != nil {
			r.note(v.name, membershipOf(name), a.value(), err.Error())
			continue
		}
		r.members[n] = v.to
		r.note(v.name, membershipOf(name), a.value(), "")
		done = append(done, name)
	}
	if len(done) == 0 {
		return nil
	}
	return memberAction{v, targets{names: done}}
}

func (a memberAction) change(r *Runner, n int) error {
	name, is := r.nodes[n], r.members[n]
	switch {
	case is&a.verb.from == 0:
		return fmt.Errorf("%s is %s", name, is)
	case a.verb.begins() && is == voter && r.voters() <= minVoters(len(r.nodes)):
		return fmt.Errorf("of %d nodes %d must stay voters", len(r.nodes), minVoters(len(r.nodes)))
	}
	return r.faults.Members.Become(name, a.verb.as)
}

// membershipOf is the subject of changes of membership in a history. It is not the node itself, which can be
// paused or down at the same time.
func membershipOf(node string) string { return "membership of " + node }

// value is what the history holds for the action: by it a fault begins, and without it one ends.
func (a memberAction) value() history.Value {
	if !a.verb.begins() {
		return history.Value{}
	}
	return history.TextValue(a.targets.String())
}

var membershipFamily = family{
	Family: Family{
		Name:    "membership",
		Summary: "remove one node, a minority or the leader, or take its vote, and add it again after a while; or replace it by an empty one",
	},
	nodes: 3,
	begin: func(rng *rand.Rand, on Subject) Action {
		verb := &remove
		switch rng.IntN(4) {
		case 0:
			verb = &demote
		case 1:
			return replace{drawSymbol(rng, replaceSymbols, len(on.Nodes))}
		}
		return memberAction{verb, drawSymbol(rng, verb.symbols, len(on.Nodes))}
	},
	end: memberAction{&add, targets{symbol: all}},
}

package nemesis

import (
	"fmt"
	"slices"
	"strings"

	"faultline/cluster"
	"faultline/history"
)

// states is a set of states of a node: those of its process, or those of its membership. A set of one is that state.
type states uint8

const (
	running states = 1 << iota
	paused
	down
	voter
	nonvoter
	outside
)

func (s states) String() string {
	var names []string
	for i, name := range [...]string{"running", "paused", "down", "a voter", "a nonvoter", "outside"} {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// aspect is one of the things about a node that has a state of its own.
type aspect struct {
	now      func(*Runner) []states   // of each node, the state that it is in
	possible func(*forecast) []states // of each node, the states that it may be in
	subject  func(node string) string // of changes, in a history
}

// nodeVerb is a verb that takes nodes from one state to another. Check, the Runner and its choice of nodes all
// follow from this one description.
type nodeVerb struct {
	name    string
	of      *aspect
	from    states // in which of them a node must be for the verb to have an effect
	to      states // in which it is then
	begins  bool   // whether it begins a fault; else it ends one
	heals   bool   // whether Runner.Heal uses it
	symbols []symbol
	// call is how it is done to a system; nil if that cannot suffer it.
	call func(cluster.Faults) func(node string) error
}

func (v *nodeVerb) verb() verb {
	w := verb{
		name:  v.name,
		usage: fmt.Sprintf("%s with %s", v.name, takes(v.symbols)),
		parse: func(l *line) (Action, error) {
			t, err := parseTargets(l, v.name, v.symbols)
			if err != nil {
				return nil, err
			}
			return nodeAction{v, t}, nil
		},
	}
	if v.heals {
		w.mend = func(r *Runner) {
			if slices.ContainsFunc(v.of.now(r), v.changes) {
				nodeAction{v, targets{symbol: all}}.carryOut(r)
			}
		}
	}
	return w
}

// changes reports whether the verb has an effect on a node in one of these states.
func (v *nodeVerb) changes(before states) bool { return before&v.from != 0 }

// after is what a node may be after the verb, given what it may be before.
func (v *nodeVerb) after(before states) states {
	if !v.changes(before) {
		return before
	}
	return before&^v.from | v.to
}

// nodeAction is a nodeVerb done to some nodes.
type nodeAction struct {
	verb    *nodeVerb
	targets targets
}

func (a nodeAction) String() string { return a.verb.name + " " + a.targets.String() }

func (a nodeAction) check(f *forecast) error {
	if a.targets.symbol != noSymbol {
		return a.checkSymbol(f)
	}
	v, now := a.verb, a.verb.of.possible(f)
	for _, name := range a.targets.names {
		n, err := f.node(name, v.symbols)
		switch {
		case err != nil:
			return err
		case !v.changes(now[n]):
			return f.refuse(name, "%s is certainly %s here, and %s is for a node that is %s", name, now[n], v.name, v.from)
		case v.begins && now[n] == voter && !spareVoters(now):
			return f.refuse(name, "of %d nodes %d must stay voters", len(now), minVoters(len(now)))
		}
		now[n] = v.after(now[n])
	}
	return nil
}

func (a nodeAction) checkSymbol(f *forecast) error {
	s := a.targets.symbol
	if s.random() && s.size(len(f.nodes)) == 0 {
		return f.refuse(s.String(), "%d nodes have no %s", len(f.nodes), s)
	}
	effect, now := false, a.verb.of.possible(f)
	for n, before := range now {
		effect = effect || a.verb.changes(before)
		now[n] = a.verb.after(before)
		if s != all { // some other node may be the one
			now[n] |= before
		}
	}
	// Families are drawn without regard to each other: one may aim at whoever is running when another has
	// taken all down. And to end all there is, be it nothing, is a sensible last line of a schedule.
	if !effect && !a.verb.begins && s != all {
		return f.refuse(s.String(), "certainly no node is %s here", a.verb.from)
	}
	return nil
}

func (a nodeAction) carryOut(r *Runner) Action {
	v := a.verb
	chosen, call, err := a.choose(r)
	if err != nil {
		r.note(v.name, a.targets.String(), a.value(), err.Error())
		return nil
	}
	var done []string
	for _, n := range chosen {
		name, problem := r.nodes[n], ""
		if err := a.change(r, n, call); err != nil {
			problem = err.Error()
		} else {
			done = append(done, name)
		}
		r.note(v.name, v.of.subject(name), a.value(), problem)
	}
	if len(done) == 0 {
		return nil
	}
	return nodeAction{v, targets{names: done}}
}

// choose returns the nodes that are meant, and how the verb is done to one.
func (a nodeAction) choose(r *Runner) ([]int, func(node string) error, error) {
	call := a.verb.call(r.faults)
	if call == nil {
		return nil, nil, fmt.Errorf("this system cannot suffer %s", a.verb.name)
	}
	now := a.verb.of.now(r)
	chosen, err := r.choose(a.targets, func(n int) bool { return a.verb.changes(now[n]) })
	if err == nil && len(chosen) == 0 {
		err = fmt.Errorf("no node is %s", a.verb.from)
	}
	return chosen, call, err
}

func (a nodeAction) change(r *Runner, n int, call func(node string) error) error {
	now := a.verb.of.now(r)
	switch {
	case !a.verb.changes(now[n]):
		return fmt.Errorf("%s is %s", r.nodes[n], now[n])
	case a.verb.begins && now[n] == voter && !spareVoters(now):
		return fmt.Errorf("of %d nodes %d must stay voters", len(now), minVoters(len(now)))
	}
	if err := call(r.nodes[n]); err != nil {
		return err
	}
	now[n] = a.verb.to
	if a.verb.to == down {
		r.downBy[n] = "" // whatever took it down before
	}
	return nil
}

// value is what the history holds for the action: by it a fault begins, and without it one ends.
func (a nodeAction) value() history.Value {
	if !a.verb.begins {
		return history.Value{}
	}
	return history.TextValue(a.targets.String())
}

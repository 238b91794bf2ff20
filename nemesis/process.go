package nemesis

import (
	"fmt"
	"strings"

	"faultline/cluster"
	"faultline/history"
)

// states is a set of states of a node's process. A set of one is that state.
type states uint8

const (
	running states = 1 << iota
	paused
	down
)

func (s states) String() string {
	var names []string
	for i, name := range [...]string{"running", "paused", "down"} {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// processVerb is a verb that takes a node's process from one state to another. Check, the Runner and
// its choice of nodes all follow from this one description.
type processVerb struct {
	name    string
	from    states // in which of them the process must be for the verb to have an effect
	to      states // in which it is then
	begins  bool   // whether it begins a fault; else it ends one
	symbols []symbol
	// call is how it is done to a system; nil if that cannot suffer it.
	call func(cluster.Faults) func(node string) error
}

var anyRunning = []symbol{theLeader, one, minority, majority, all}

var crash = processVerb{
	name: "crash", from: running | paused, to: down, begins: true, symbols: anyRunning,
	call: func(f cluster.Faults) func(string) error {
		if f.Processes == nil {
			return nil
		}
		return f.Processes.Crash
	},
}

var powerloss = processVerb{
	name: "powerloss", from: running | paused, to: down, begins: true, symbols: anyRunning,
	call: func(f cluster.Faults) func(string) error {
		if f.Processes == nil {
			return nil
		}
		return f.Processes.PowerLoss
	},
}

var restart = processVerb{
	name: "restart", from: down, to: running, symbols: []symbol{one, minority, majority, all}, // nobody leads who is down
	call: func(f cluster.Faults) func(string) error {
		if f.Processes == nil {
			return nil
		}
		return f.Processes.Restart
	},
}

var pause = processVerb{
	name: "pause", from: running, to: paused, begins: true, symbols: anyRunning,
	call: func(f cluster.Faults) func(string) error {
		if f.Pauses == nil {
			return nil
		}
		return f.Pauses.Pause
	},
}

var resume = processVerb{
	name: "resume", from: paused, to: running, symbols: anyRunning, // a paused leader may not have been deposed
	call: func(f cluster.Faults) func(string) error {
		if f.Pauses == nil {
			return nil
		}
		return f.Pauses.Resume
	},
}

func (v *processVerb) verb() verb {
	w := verb{
		name:  v.name,
		usage: fmt.Sprintf("%s with %s", v.name, takes(v.symbols)),
		parse: func(l *line) (Action, error) {
			t, err := parseTargets(l, v.name, v.symbols)
			if err != nil {
				return nil, err
			}
			return processAction{v, t}, nil
		},
	}
	if !v.begins {
		w.mend = func(r *Runner) {
			if r.anyNode(v.from) {
				processAction{v, targets{symbol: all}}.carryOut(r)
			}
		}
	}
	return w
}

// processAction is a processVerb done to some nodes.
type processAction struct {
	verb    *processVerb
	targets targets
}

func (a processAction) String() string { return a.verb.name + " " + a.targets.String() }

func (a processAction) check(f *forecast) error {
	if a.targets.symbol != noSymbol {
		return a.checkSymbol(f)
	}
	for _, name := range a.targets.names {
		n, err := f.node(name, a.verb.symbols)
		if err != nil {
			return err
		}
		if f.states[n]&a.verb.from == 0 {
			return f.refuse(name, "%s is certainly %s here, and %s is for a node that is %s",
				name, f.states[n], a.verb.name, a.verb.from)
		}
		f.states[n] = a.verb.after(f.states[n])
	}
	return nil
}

func (a processAction) checkSymbol(f *forecast) error {
	s := a.targets.symbol
	if s.random() && s.size(len(f.nodes)) == 0 {
		return f.refuse(s.String(), "%d nodes have no %s", len(f.nodes), s)
	}
	possible := false
	for n, before := range f.states {
		possible = possible || before&a.verb.from != 0
		f.states[n] = a.verb.after(before)
		if s != all { // some other node may be the one
			f.states[n] |= before
		}
	}
	// Families are drawn without regard to each other: one may aim at whoever is running when another has
	// taken all down. And to end all there is, be it nothing, is a sensible last line of a schedule.
	if !possible && !a.verb.begins && s != all {
		return f.refuse(s.String(), "certainly no node is %s here", a.verb.from)
	}
	return nil
}

// after is what a process may be after the verb, given what it may be before.
func (v *processVerb) after(before states) states {
	if before&v.from == 0 {
		return before
	}
	return before&^v.from | v.to
}

func (a processAction) carryOut(r *Runner) Action {
	v := a.verb
	call := v.call(r.faults)
	if call == nil {
		r.note(v.name, a.targets.String(), a.value(), fmt.Sprintf("this system cannot suffer %s", v.name))
		return nil
	}
	chosen, err := r.choose(a.targets, func(n int) bool { return r.states[n]&v.from != 0 })
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
		if r.states[n]&v.from == 0 {
			r.note(v.name, name, a.value(), fmt.Sprintf("%s is %s", name, r.states[n]))
		} else if err := call(name); err != nil {
			r.note(v.name, name, a.value(), err.Error())
		} else {
			r.states[n], r.downBy[n] = v.to, ""
			r.note(v.name, name, a.value(), "")
			done = append(done, name)
		}
	}
	if len(done) == 0 {
		return nil
	}
	return processAction{v, targets{names: done}}
}

// value is what the history holds for the action: by it a fault begins, and without it one ends.
func (a processAction) value() history.Value {
	if !a.verb.begins {
		return history.Value{}
	}
	return history.TextValue(a.targets.String())
}

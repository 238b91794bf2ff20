package nemesis

import (
	"cmp"
	"slices"
	"strings"

	"faultline/cluster"
	"faultline/history"
	"faultline/internal/nearest"
)

// lasting is a kind of fault that lasts until "end" and its name.
type lasting struct {
	name     string
	of       string                    // of what it is a fault; empty for the network
	suffered func(cluster.Faults) bool // whether a system can suffer it
	in       func(*Runner) bool        // whether it is in effect
	// end ends it. It reports whether the system was told.
	end func(*Runner) bool
	// parts are those that a name for several stands for. Such a one has no end of its own.
	parts []*lasting
}

// subject is of what it is a fault in a history.
func (k *lasting) subject() string {
	if k.parts != nil {
		return k.of
	}
	return cmp.Or(k.of, network) + "/" + k.name
}

// lastings are all of them, in the order in which Runner.Heal ends them.
var lastings = []*lasting{
	&onewayFault, &chaseFault, &flapFault,
	delay.lasting(), loss.lasting(), throttle.lasting(), reorder.lasting(), &duplicateFault,
	burst.lasting(), hotKey.lasting(), largeValues.lasting(), slowClients.lasting(), &anyLoad,
}

func lastingNames() []string {
	names := make([]string, len(lastings))
	for i, k := range lastings {
		names[i] = k.name
	}
	return names
}

// endOf is the action that ends a kind of fault.
func endOf(name string) end {
	k := slices.IndexFunc(lastings, func(k *lasting) bool { return k.name == name })
	return end{lastings[k]}
}

var endVerb = verb{
	name:  "end",
	usage: "end with the name of a fault of the network or the load",
	parse: parseEnd,
	mend: func(r *Runner) {
		for _, k := range lastings {
			if k.in(r) {
				end{k}.carryOut(r)
			}
		}
	},
}

// end ends the fault of one kind that is in effect.
type end struct{ kind *lasting }

func (e end) String() string { return "end " + e.kind.name }

func parseEnd(l *line) (Action, error) {
	word := l.next()
	for _, k := range lastings {
		if k.name == word {
			return end{k}, nil
		}
	}
	if word == "" {
		return nil, l.errorf("the name of a fault should stand here: one of %s", strings.Join(lastingNames(), ", "))
	}
	return nil, l.errorf("%q is not a fault that can be ended; %s", word, nearest.Hint(word, lastingNames(), "there are"))
}

// check accepts an end without a beginning: a schedule stays valid when a fault is left out.
func (end) check(*forecast) error { return nil }

func (e end) carryOut(r *Runner) Action {
	problem := ""
	switch {
	case !e.kind.suffered(r.faults):
		problem = "this system cannot suffer " + e.kind.name
	case !e.kind.in(r):
		problem = "no " + e.kind.name + " is in effect"
	}
	if problem == "" && e.kind.parts != nil {
		e.carryOutParts(r)
		return e
	}
	told := problem == "" && e.kind.end(r)
	r.note("end", e.kind.subject(), history.Value{}, problem)
	if !told {
		return nil
	}
	return e
}

// carryOutParts ends those of a name for several that are in effect.
func (e end) carryOutParts(r *Runner) {
	for _, k := range e.kind.parts {
		if k.in(r) {
			end{k}.carryOut(r)
		}
	}
}

func suffersCuts(f cluster.Faults) bool { return f.Links != nil }

// inEffect reports whether the verb has links cut, or may cut some yet.
func (c cutter) inEffect(r *Runner) bool { return r.pulses[c] != nil || !r.cuts[c].empty() }

// end mends what the verb has cut, and reports whether that was anything.
func (c cutter) end(r *Runner) bool {
	any := !r.cuts[c].empty()
	r.pulses[c] = nil
	r.cutOnly(c, newLinks(len(r.nodes)))
	return any
}

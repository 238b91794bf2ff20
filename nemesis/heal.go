package nemesis

import "faultline/history"

var healVerb = verb{
	name:  "heal",
	usage: "heal, which ends a partition",
	parse: func(*line) (Action, error) { return heal{}, nil },
	mend: func(r *Runner) {
		if !r.cuts[byPartition].empty() {
			heal{}.carryOut(r)
		}
	},
}

// heal mends all links that a partition has cut.
type heal struct{}

func (heal) String() string { return "heal" }

// check accepts a heal without a partition before it: a schedule stays valid when a partition is left out.
func (heal) check(*forecast) error { return nil }

func (heal) carryOut(r *Runner) Action {
	switch {
	case r.faults.Links == nil:
		r.note("heal", network, history.Value{}, "this system cannot suffer partition")
		return nil
	case r.cuts[byPartition].empty():
		r.note("heal", network, history.Value{}, "no link is cut")
		return nil
	}
	r.cutOnly(byPartition, newLinks(len(r.nodes)))
	r.note("heal", network, history.Value{}, "")
	return heal{}
}

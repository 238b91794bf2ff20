package nemesis

import (
	"errors"
	"time"

	"faultline/history"
)

const chaseUsage = "chase leader every 200ms, until end chase, which looks so often who leads; or chase n1, for one node"

var chaseVerb = verb{name: "chase", usage: chaseUsage, parse: parseChase}

// chase cuts one node off from all others. That of the leader moves with the leadership: it looks again and
// again who leads, and as soon as that is another node it cuts off that one and lets the last one go. What
// it resolves to is a chase of each node in turn.
type chase struct {
	node  string        // "" for the leader
	every time.Duration // for the leader
}

func (c chase) String() string {
	if c.node != "" {
		return "chase " + c.node
	}
	return "chase leader every " + c.every.String()
}

var chaseSymbols = []symbol{theLeader}

func parseChase(l *line) (Action, error) {
	t, err := parseTargets(l, "chase", chaseSymbols)
	switch {
	case err != nil:
		return nil, err
	case len(t.names) > 1:
		return nil, l.errorf("a chase is of one node; usage: %s", chaseUsage)
	case len(t.names) == 1:
		return chase{node: t.names[0]}, nil
	}
	every, err := parseEvery(l)
	return chase{every: every}, err
}

func (c chase) check(f *forecast) error {
	if c.node != "" {
		if _, err := f.node(c.node, chaseSymbols); err != nil {
			return err
		}
	}
	if len(f.nodes) < 2 {
		return f.refuse("chase", "there is no node to cut off from")
	}
	return nil
}

func (c chase) carryOut(r *Runner) Action {
	r.pulses[byChase] = nil
	if c.node != "" {
		return r.cutOff(c.node)
	}
	switch {
	case r.faults.Links == nil:
		return c.refused(r, errors.New("this system cannot suffer chase"))
	case r.faults.Leadership == nil:
		return c.refused(r, errNoLeadership)
	case len(r.nodes) < 2:
		return c.refused(r, errNoLink)
	}
	p := &pulse{c.every}
	r.pulses[byChase] = p
	r.laterAlone(p.every, func() Action { return r.chase(p) })
	if _, led := r.faults.Leadership.Leader(); !led {
		r.note("chase", byChase.subject(), history.TextValue("leader, once there is one"), "")
		return nil
	}
	r.chased = ""
	return r.follow()
}

func (chase) refused(r *Runner, err error) Action {
	r.note("chase", byChase.subject(), history.TextValue("leader"), err.Error())
	return nil
}

// chase follows the leader, and will do so once more.
func (r *Runner) chase(p *pulse) Action {
	if r.pulses[byChase] != p {
		return nil // it was ended
	}
	r.laterAlone(p.every, func() Action { return r.chase(p) })
	return r.follow()
}

// follow cuts off the current leader, unless it is cut off already. While nobody leads, nothing changes.
func (r *Runner) follow() Action {
	leader, ok := r.faults.Leadership.Leader()
	if !ok || leader == r.chased {
		return nil
	}
	return r.cutOff(leader)
}

// cutOff cuts a node off from all others, in place of the one that was chased before.
func (r *Runner) cutOff(node string) Action {
	if _, ok := r.cutScope(byChase, scope{groups: []targets{{names: []string{node}}}}, ""); !ok {
		return nil
	}
	r.chased = node
	return chase{node: node}
}

var chaseFault = lasting{name: "chase", suffered: suffersCuts, in: byChase.inEffect, end: func(r *Runner) bool {
	r.chased = ""
	return byChase.end(r)
}}

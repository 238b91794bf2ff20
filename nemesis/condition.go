package nemesis

import (
	"fmt"
	"strings"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// condition is a fault of single nodes that lasts until it is ended, whatever the state of the process: a bad
// disk, a point to crash at, a loop of crashes. Check, the Runner and its choice of nodes all follow from
// this one description.
type condition struct {
	id           int    // its place in conditions
	begins, ends string // the verbs
	words        string // what follows the nodes, for the usage; from the mark before it on
	symbols      []symbol
	parse        func(*line) (setting, error) // reads what follows the nodes; nil for nothing

	check func(*forecast, setting) error // refuses a setting that the system does not have; nil if it has all

	announces bool // beginning it breaks nothing yet: its effect is recorded when it happens
	fades     bool // it may be over before it is ended
	kills     bool // while it lasts, and by it, the process may die
	ofDisk    bool // it is over when the node has another disk
	// widow is the kind of the deaths that it causes: a process that died of it is started again when it is ended.
	widow string

	suffers func(cluster.Faults) bool
	// begin does it to a node, the k-th of those that the action aims at.
	begin func(r *Runner, c *condition, n, k int, s setting) error
	end   func(r *Runner, n int) error
}

// conditions are all of them.
var conditions = []*condition{
	crashLoop, rollingRestart, crashAt, diskSlow, diskStuck, diskError, diskFull, diskLying, bitFlip, truncation,
}

func init() {
	for i, c := range conditions {
		c.id = i
	}
}

// setting is how strong a condition is, as far as it has measures.
type setting struct {
	base, tail time.Duration
	word       string
}

func (s setting) String() string {
	var words []string
	for _, d := range []time.Duration{s.base, s.tail} {
		if d != 0 {
			words = append(words, d.String())
		}
	}
	if s.word != "" {
		words = append(words, s.word)
	}
	return strings.Join(words, " ")
}

// spell is one time that a condition lasts on a node. It is told from others by its address, which those of
// empty values need not be.
type spell struct{ _ byte }

func (c *condition) beginVerb() verb {
	return verb{
		name:  c.begins,
		usage: fmt.Sprintf("%s with %s%s", c.begins, takes(c.symbols), c.words),
		parse: func(l *line) (Action, error) {
			t, err := parseTargets(l, c.begins, c.symbols)
			if err != nil || c.parse == nil {
				return beginAction{c, t, setting{}}, err
			}
			s, err := c.parse(l)
			return beginAction{c, t, s}, err
		},
	}
}

func (c *condition) endVerb() verb {
	return verb{
		name:  c.ends,
		usage: fmt.Sprintf("%s with %s", c.ends, takes(c.symbols)),
		parse: func(l *line) (Action, error) {
			t, err := parseTargets(l, c.ends, c.symbols)
			return endAction{c, t}, err
		},
		mend: func(r *Runner) {
			if r.anyEndable(c) {
				c.endAll().carryOut(r)
			}
		},
	}
}

func (c *condition) endAll() Action { return endAction{c, targets{symbol: all}} }

// subject is of what the fault is in a history. It is not the node itself, whose process may be killed and
// started while the fault lasts.
func (c *condition) subject(node string) string { return node + " " + c.begins }

// parseDuration reads how long something takes.
func parseDuration(l *line, what string) (time.Duration, error) {
	word := l.next()
	d, err := time.ParseDuration(word)
	if err != nil || d <= 0 {
		return 0, l.errorf("%s should stand here, such as 300ms", what)
	}
	return d, nil
}

// beginAction begins a condition on some nodes.
type beginAction struct {
	condition *condition
	targets   targets
	setting   setting
}

func (a beginAction) String() string { return a.condition.begins + " " + a.detail() }

func (a beginAction) detail() string {
	return strings.TrimSpace(a.targets.String() + " " + a.setting.String())
}

func (a beginAction) check(f *forecast) error {
	c := a.condition
	after := present
	if c.fades {
		after |= absent
	}
	if c.check != nil {
		if err := c.check(f, a.setting); err != nil {
			return err
		}
	}
	return f.changeCondition(c, a.targets, absent, after, func(n int) {
		f.mortal[n] = f.mortal[n] || c.kills
	})
}

func (a beginAction) carryOut(r *Runner) Action {
	c := a.condition
	chosen := r.afflict(c, c.begins, a.targets, a.value(), func(n int) bool { return !r.has(c, n) })
	var done []string
	for k, n := range chosen {
		name := r.nodes[n]
		r.spells[c.id][n] = &spell{}
		if err := c.begin(r, c, n, k, a.setting); err != nil {
			r.spells[c.id][n] = nil
			r.note(c.begins, c.subject(name), a.value(), err.Error())
			continue
		}
		if !c.announces {
			r.note(c.begins, c.subject(name), a.value(), "")
		}
		done = append(done, name)
	}
	if len(done) == 0 {
		return nil
	}
	return beginAction{c, targets{names: done}, a.setting}
}

func (a beginAction) value() history.Value { return history.TextValue(a.detail()) }

// endAction ends a condition on some nodes.
type endAction struct {
	condition *condition
	targets   targets
}

func (a endAction) String() string { return a.condition.ends + " " + a.targets.String() }

func (a endAction) check(f *forecast) error {
	after := absent
	if a.condition.fades { // who died of it may not start, and then there is something left to end
		after |= present
	}
	return f.changeCondition(a.condition, a.targets, present, after, nil)
}

func (a endAction) carryOut(r *Runner) Action {
	c := a.condition
	var done []string
	for _, n := range r.afflict(c, c.ends, a.targets, history.Value{}, func(n int) bool { return r.endable(c, n) }) {
		name := r.nodes[n]
		if err := c.end(r, n); err != nil {
			r.note(c.ends, c.subject(name), history.Value{}, err.Error())
			continue
		}
		r.spells[c.id][n] = nil
		r.note(c.ends, c.subject(name), history.Value{}, "")
		r.revive(n, c.widow)
		done = append(done, name)
	}
	if len(done) == 0 {
		return nil
	}
	return endAction{c, targets{names: done}}
}

// afflict chooses the nodes on which a condition can be begun or ended, and records why not on others.
func (r *Runner) afflict(c *condition, verb string, t targets, v history.Value, eligible func(int) bool) []int {
	if !c.suffers(r.faults) {
		r.note(verb, t.String(), v, fmt.Sprintf("this system cannot suffer %s", c.begins))
		return nil
	}
	chosen, err := r.choose(t, eligible)
	if err == nil && len(chosen) == 0 {
		err = fmt.Errorf("no node is left for %s", verb)
	}
	if err != nil {
		r.note(verb, t.String(), v, err.Error())
		return nil
	}
	var able []int
	for _, n := range chosen {
		switch name := r.nodes[n]; {
		case eligible(n):
			able = append(able, n)
		case r.has(c, n):
			r.note(verb, c.subject(name), v, fmt.Sprintf("%s has %s already", name, c.begins))
		default:
			r.note(verb, c.subject(name), v, fmt.Sprintf("%s has no %s", name, c.begins))
		}
	}
	return able
}

func (r *Runner) has(c *condition, n int) bool { return r.spells[c.id][n] != nil }

// newDisk ends, on a node that has another disk now, what was wrong with the one before.
func (r *Runner) newDisk(n int) {
	for _, c := range conditions {
		if c.ofDisk && r.has(c, n) {
			r.spells[c.id][n] = nil
			r.note(c.ends, c.subject(r.nodes[n]), history.Value{}, "")
		}
	}
}

// endable reports whether there is something to end: the condition, or the death by which it was over.
func (r *Runner) endable(c *condition, n int) bool {
	return r.has(c, n) || c.fades && r.states[n] == down && r.downBy[n] == c.widow
}

func (r *Runner) anyEndable(c *condition) bool {
	for n := range r.nodes {
		if r.endable(c, n) {
			return true
		}
	}
	return false
}

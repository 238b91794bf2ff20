package nemesis

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// clockFault is what is done to a clock.
type clockFault interface {
	verb() string
	// String is how much, as it stands behind the targets.
	String() string
	carryOut(c cluster.Clocks, node string) error
}

// jump sets a clock forward, or back.
type jump struct{ by time.Duration }

// drift lets a clock run fast, or slow, by this many millionths.
type drift struct{ ppm int64 }

// strobe lets a clock jump at once, back a period later, and so on.
type strobe struct{ by, period time.Duration }

// correct sets a clock right, and ends whatever was done to it.
type correct struct{}

func (jump) verb() string    { return "jump" }
func (drift) verb() string   { return "drift" }
func (strobe) verb() string  { return "strobe" }
func (correct) verb() string { return "correct" }

func (j jump) String() string   { return formatShift(j.by) }
func (d drift) String() string  { return formatRate(d.ppm) }
func (s strobe) String() string { return formatShift(s.by) + " every " + formatTime(s.period) }
func (correct) String() string  { return "" }

func (j jump) carryOut(c cluster.Clocks, node string) error   { return c.Jump(node, j.by) }
func (d drift) carryOut(c cluster.Clocks, node string) error  { return c.Drift(node, d.ppm) }
func (s strobe) carryOut(c cluster.Clocks, node string) error { return c.Strobe(node, s.by, s.period) }
func (correct) carryOut(c cluster.Clocks, node string) error  { return c.Correct(node) }

// formatShift writes a duration with its sign.
func formatShift(d time.Duration) string {
	if d < 0 {
		return "-" + formatTime(-d)
	}
	return "+" + formatTime(d)
}

// formatRate writes how fast a clock runs: 1 is right, 1.05 gains three seconds in a minute.
func formatRate(ppm int64) string {
	rate := million + ppm
	s := strconv.FormatInt(rate/million, 10)
	if tail := rate % million; tail != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%06d", tail), "0")
	}
	return s
}

const million = 1_000_000

var clockSymbols = []symbol{theLeader, one, minority, majority, all}

func clockVerb(name, usage string, parse func(*line) (clockFault, error)) verb {
	v := verb{
		name:  name,
		usage: usage,
		parse: func(l *line) (Action, error) {
			t, err := parseTargets(l, name, clockSymbols)
			if err != nil {
				return nil, err
			}
			f, err := parse(l)
			return clockAction{t, f}, err
		},
	}
	if name == (correct{}).verb() {
		v.mend = func(r *Runner) {
			if r.anyWrongClock() {
				clockAction{targets{symbol: all}, correct{}}.carryOut(r)
			}
		}
	}
	return v
}

var (
	jumpVerb    = clockVerb("jump", "jump n1 +2s, or -500ms to set the clock back", parseJump)
	driftVerb   = clockVerb("drift", "drift n1 1.05, for a clock that is fast by a twentieth; or +200ppm", parseDrift)
	strobeVerb  = clockVerb("strobe", "strobe n1 +300ms every 100ms, to jump there and back", parseStrobe)
	correctVerb = clockVerb("correct", "correct with nodes whose clocks are set right", func(*line) (clockFault, error) { return correct{}, nil })
)

func parseJump(l *line) (clockFault, error) {
	by, err := parseShift(l, "jump n1 +2s")
	return jump{by}, err
}

func parseShift(l *line, example string) (time.Duration, error) {
	word := l.next()
	d, err := time.ParseDuration(word)
	switch {
	case err != nil:
		return 0, l.errorf("a duration should stand here, as in %s", example)
	case !strings.HasPrefix(word, "+") && !strings.HasPrefix(word, "-"):
		return 0, l.errorf("%s needs a sign: +%s sets the clock forward, -%s back", word, word, word)
	case d == 0:
		return 0, l.errorf("a clock that jumps by %s stays as it is", word)
	case d > maxShift || d < -maxShift:
		return 0, l.errorf("%s is farther than a clock can jump, %v", word, maxShift)
	}
	return d, nil
}

// The bounds keep a node's clock within what time.Duration holds.
const (
	maxShift = 24 * 365 * time.Hour
	maxPPM   = 999 * million // a thousand times as fast
)

func parseDrift(l *line) (clockFault, error) {
	word := l.next()
	ppm, err := parseRate(word)
	switch {
	case err != nil || word == "":
		return nil, l.errorf("a rate should stand here, such as 1.05 or +200ppm")
	case ppm <= -million:
		return nil, l.errorf("at the rate of %s a clock stands still or runs backwards", word)
	case ppm > maxPPM:
		return nil, l.errorf("the rate of %s is more than a thousand", word)
	case ppm == 0:
		return nil, l.errorf("at the rate of %s a clock is right; to set it right, use correct", word)
	}
	return drift{ppm}, nil
}

// parseRate reads a rate, or by how many millionths one differs from 1. Digits beyond a millionth are refused:
// what is printed must be what was meant.
func parseRate(word string) (ppm int64, err error) {
	if millionths, ok := strings.CutSuffix(word, "ppm"); ok {
		return strconv.ParseInt(millionths, 10, 64)
	}
	whole, tail, _ := strings.Cut(word, ".")
	if len(tail) > 6 {
		return 0, strconv.ErrSyntax
	}
	rate, err := strconv.ParseInt(whole+tail+strings.Repeat("0", 6-len(tail)), 10, 64)
	return rate - million, err
}

func parseStrobe(l *line) (clockFault, error) {
	const example = "strobe n1 +300ms every 100ms"
	by, err := parseShift(l, example)
	if err != nil {
		return nil, err
	}
	if word := l.next(); word != "every" {
		return nil, l.errorf("every should stand here, as in %s", example)
	}
	word := l.next()
	period, err := time.ParseDuration(word)
	if err != nil || period <= 0 || period > maxShift {
		return nil, l.errorf("how often should stand here, as in %s", example)
	}
	return strobe{by, period}, nil
}

// clockAction is a clockFault done to the clocks of some nodes, whatever their processes do meanwhile.
type clockAction struct {
	targets targets
	fault   clockFault
}

func (a clockAction) String() string { return a.fault.verb() + " " + a.detail() }

// detail is what follows the verb.
func (a clockAction) detail() string {
	return strings.TrimSpace(a.targets.String() + " " + a.fault.String())
}

func (a clockAction) begins() bool { return a.fault != clockFault(correct{}) }

func (a clockAction) check(f *forecast) error {
	if a.targets.symbol != noSymbol {
		return a.checkSymbol(f)
	}
	for _, name := range a.targets.names {
		n, err := f.node(name, clockSymbols)
		if err != nil {
			return err
		}
		if !a.begins() && !f.wrongClocks[n] {
			return f.refuse(name, "the clock of %s is certainly right here", name)
		}
		f.wrongClocks[n] = a.begins()
	}
	return nil
}

func (a clockAction) checkSymbol(f *forecast) error {
	s := a.targets.symbol
	if s.random() && s.size(len(f.nodes)) == 0 {
		return f.refuse(s.String(), "%d nodes have no %s", len(f.nodes), s)
	}
	possible := a.begins() || s == all // to set all right, be it none, is a sensible last line of a schedule
	for n, wrong := range f.wrongClocks {
		possible = possible || wrong
		f.wrongClocks[n] = a.begins() || wrong && s != all
	}
	if !possible {
		return f.refuse(s.String(), "certainly no node's clock is wrong here")
	}
	return nil
}

func (a clockAction) carryOut(r *Runner) Action {
	verb := a.fault.verb()
	problem := func(subject string, err error) { r.note(verb, subject, a.value(), err.Error()) }
	if r.faults.Clocks == nil {
		problem(a.targets.String(), fmt.Errorf("this system cannot suffer %s", verb))
		return nil
	}
	chosen, err := r.choose(a.targets, func(n int) bool { return a.begins() || r.wrongClocks[n] })
	if err == nil && len(chosen) == 0 {
		err = fmt.Errorf("no node's clock is wrong")
	}
	if err != nil {
		problem(a.targets.String(), err)
		return nil
	}
	var done []string
	for _, n := range chosen {
		name := r.nodes[n]
		if !a.begins() && !r.wrongClocks[n] {
			problem(clockOf(name), fmt.Errorf("the clock of %s is right", name))
		} else if err := a.fault.carryOut(r.faults.Clocks, name); err != nil {
			problem(clockOf(name), err)
		} else {
			r.wrongClocks[n] = a.begins()
			r.note(verb, clockOf(name), a.value(), "")
			done = append(done, name)
		}
	}
	if len(done) == 0 {
		return nil
	}
	return clockAction{targets{names: done}, a.fault}
}

// clockOf is the subject of faults of a node's clock in a history. It is not the node's name, since the
// process of the same node can be paused or down meanwhile.
func clockOf(node string) string { return "clock of " + node }

// value is what the history holds for the action: by it a fault begins, and without it one ends.
func (a clockAction) value() history.Value {
	if !a.begins() {
		return history.Value{}
	}
	return history.TextValue(a.detail())
}

func (r *Runner) anyWrongClock() bool {
	for _, wrong := range r.wrongClocks {
		if wrong {
			return true
		}
	}
	return false
}

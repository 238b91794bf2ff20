package nemesis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// fake is a system that writes down what is done to it, and refuses what its contract leaves undefined:
// a call on a node in the wrong state. The first node that is running leads.
type fake struct {
	nodes   []string
	states  []states
	cut     links
	wrong   []bool // clocks
	members []cluster.Membership
	leading bool     // whether there is a leader while a node is running
	stuck   []string // nodes that do not start again

	impaired map[string]string // by fault and link, or node: how much

	bad     []map[cluster.DiskFault]bool // of each node, what is wrong with its disk
	damaged []bool
	late    bool     // damage is found a while after a process has started
	armed   []string // of each node, the point to die at
	tell    func(cluster.Death)

	start time.Time
	trace []string
}

func newFake(nodes []string) *fake {
	return &fake{
		nodes:    nodes,
		states:   slices.Repeat([]states{running}, len(nodes)),
		cut:      newLinks(len(nodes)),
		wrong:    make([]bool, len(nodes)),
		members:  slices.Repeat([]cluster.Membership{cluster.Voter}, len(nodes)),
		leading:  true,
		impaired: map[string]string{},
		bad:      make([]map[cluster.DiskFault]bool, len(nodes)),
		damaged:  make([]bool, len(nodes)),
		armed:    make([]string, len(nodes)),
		start:    time.Now(),
	}
}

func (f *fake) faults() cluster.Faults {
	return cluster.Faults{Links: f, Processes: f, Pauses: f, Leadership: f, Clocks: f, Transfers: f, Members: f,
		Impairments: f, Resets: f, Duplicates: f, Disks: f, Deaths: f, Load: f}
}

func (f *fake) log(format string, args ...any) {
	f.trace = append(f.trace, formatTime(time.Since(f.start))+" "+fmt.Sprintf(format, args...))
}

func (f *fake) link(from, to string, cut bool) {
	f.cut[slices.Index(f.nodes, from)][slices.Index(f.nodes, to)] = cut
}

func (f *fake) Cut(from, to string) {
	f.log("cut %s > %s", from, to)
	f.link(from, to, true)
}

func (f *fake) Mend(from, to string) {
	f.log("mend %s > %s", from, to)
	f.link(from, to, false)
}

func (f *fake) move(call, node string, from, to states) error {
	n := slices.Index(f.nodes, node)
	if call == "restart" && f.states[n] == down && f.damaged[n] && !f.late {
		return fmt.Errorf("%s is damaged", node) // not in the trace: a resolved schedule does not try
	}
	f.log("%s %s", call, node)
	switch {
	case f.states[n]&from == 0:
		return fmt.Errorf("contract broken: %s of a node that is %s", call, f.states[n])
	case to == running && slices.Contains(f.stuck, node):
		return fmt.Errorf("%s does not start", node)
	}
	f.states[n] = to
	return nil
}

func (f *fake) Crash(n string) error     { return f.move("crash", n, running|paused, down) }
func (f *fake) PowerLoss(n string) error { return f.move("powerloss", n, running|paused, down) }
func (f *fake) Restart(n string) error {
	err := f.move("restart", n, down, running)
	if i := slices.Index(f.nodes, n); err == nil && f.damaged[i] {
		time.AfterFunc(untilWrite, func() { f.perish(i, "panic", "damaged") })
	}
	return err
}
func (f *fake) Pause(n string) error  { return f.move("pause", n, running, paused) }
func (f *fake) Resume(n string) error { return f.move("resume", n, paused, running) }

func (f *fake) clock(node string, wrong bool, format string, args ...any) error {
	f.log(format, args...)
	f.wrong[slices.Index(f.nodes, node)] = wrong
	return nil
}

func (f *fake) Jump(n string, by time.Duration) error {
	return f.clock(n, true, "jump %s by %v", n, by)
}
func (f *fake) Drift(n string, ppm int64) error {
	return f.clock(n, true, "drift %s by %d ppm", n, ppm)
}
func (f *fake) Strobe(n string, by, period time.Duration) error {
	return f.clock(n, true, "strobe %s by %v every %v", n, by, period)
}
func (f *fake) Correct(n string) error { return f.clock(n, false, "correct %s", n) }

func (f *fake) Become(node string, as cluster.Membership) error {
	n := slices.Index(f.nodes, node)
	if f.members[n] == as {
		return fmt.Errorf("contract broken: %s is a %s already", node, as)
	}
	f.log("%s becomes %s", node, as)
	f.members[n] = as
	return nil
}

func (f *fake) Replace(node string) error {
	if n := slices.Index(f.nodes, node); f.members[n] != cluster.Voter || f.states[n] != running {
		return fmt.Errorf("contract broken: %s is a %s that is %s", node, f.members[n], f.states[n])
	}
	f.log("replace %s", node)
	n := slices.Index(f.nodes, node)
	f.bad[n], f.armed[n] = nil, ""
	return nil
}

func (f *fake) Transfer(to string) error {
	switch leader, ok := f.Leader(); {
	case !ok:
		return errors.New("no node leads")
	case len(f.nodes) == 1:
		return errors.New("there is no other node")
	case leader == to:
		return fmt.Errorf("%s leads already", to)
	}
	f.log("transfer to %q", to)
	return nil
}

// worsen notes a call, and what is left in effect of such calls.
func (f *fake) worsen(fault, where string, none bool, how string) {
	f.log("%s %s %s", fault, where, how)
	f.impaired[fault+" "+where] = how
	if none {
		delete(f.impaired, fault+" "+where)
	}
}

func (f *fake) Delay(from, to string, base, jitter time.Duration) {
	f.worsen("delay", from+" > "+to, base+jitter == 0, fmt.Sprintf("%v+%v", base, jitter))
}

func (f *fake) Lose(from, to string, share float64) {
	f.worsen("lose", from+" > "+to, share == 0, fmt.Sprint(share))
}

func (f *fake) Limit(from, to string, bytesPerSecond int64) {
	f.worsen("limit", from+" > "+to, bytesPerSecond == 0, fmt.Sprint(bytesPerSecond))
}

func (f *fake) Reorder(from, to string, hold time.Duration) {
	f.worsen("reorder", from+" > "+to, hold == 0, hold.String())
}

func (f *fake) Duplicate(node string, share float64) {
	f.worsen("duplicate", node, share == 0, fmt.Sprint(share))
}

func (f *fake) Burst(factor float64) { f.worsen("multiply", "load", factor == 1, fmt.Sprint(factor)) }
func (f *fake) HotKey(share float64) { f.worsen("heat", "load", share == 0, fmt.Sprint(share)) }
func (f *fake) LargeValues(n int)    { f.worsen("pad", "load", n == 0, fmt.Sprint(n)) }
func (f *fake) SlowClients(count int, pace time.Duration) {
	f.worsen("slow clients", "load", count == 0, fmt.Sprintf("%d %v", count, pace))
}

func (f *fake) Reset(node string)        { f.log("reset %s", node) }
func (f *fake) ResetBetween(a, b string) { f.log("reset %s - %s", a, b) }

func (f *fake) Leader() (string, bool) {
	n := slices.Index(f.states, running)
	if n < 0 || !f.leading {
		return "", false
	}
	return f.nodes[n], true
}

// record writes an event of the history into the same trace.
func (f *fake) record(e history.Event) {
	line := []string{"record", e.F, e.Key}
	if detail, ok := e.Value.Text(); ok {
		line = append(line, fmt.Sprintf("%q", detail))
	}
	if e.Error != "" {
		line = append(line, "had no effect:", e.Error)
	}
	f.trace = append(f.trace, formatTime(e.Time)+" "+strings.Join(line, " "))
}

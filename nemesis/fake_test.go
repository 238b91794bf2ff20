package nemesis

import (
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
	leading bool     // whether there is a leader while a node is running
	stuck   []string // nodes that do not start again

	bad     []map[cluster.DiskFault]bool // of each node, what is wrong with its disk
	damaged []bool
	armed   []string // of each node, the point to die at
	tell    func(cluster.Death)

	start time.Time
	trace []string
}

func newFake(nodes []string) *fake {
	return &fake{
		nodes:   nodes,
		states:  slices.Repeat([]states{running}, len(nodes)),
		cut:     newLinks(len(nodes)),
		leading: true,
		bad:     make([]map[cluster.DiskFault]bool, len(nodes)),
		damaged: make([]bool, len(nodes)),
		armed:   make([]string, len(nodes)),
		start:   time.Now(),
	}
}

func (f *fake) faults() cluster.Faults {
	return cluster.Faults{Links: f, Processes: f, Pauses: f, Leadership: f, Disks: f, Deaths: f}
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
	if call == "restart" && f.states[n] == down && f.damaged[n] {
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
func (f *fake) Restart(n string) error   { return f.move("restart", n, down, running) }
func (f *fake) Pause(n string) error     { return f.move("pause", n, running, paused) }
func (f *fake) Resume(n string) error    { return f.move("resume", n, paused, running) }

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

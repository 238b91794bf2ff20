// Package kindtest has what the tests of kinds of systems share: scripts of what a design does step by step, runs as the command line
// makes them, and long tests of what modes keep. A test program that makes runs calls world.Child in TestMain.
package kindtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster"
	"faultline/history"
)

// Script is how the scripts of a kind are run. A script names a mode on its first line, and has three nodes unless Nodes says otherwise.
// Its lines are
//
//	write k 1 near n1     also: read k, cas k 1 2, delete k; by a client that asks this node first
//	replace k 2 near n1 by a   writes in place of the siblings that client a has read, by: siblings k near n1 by a
//	cut off n1            no link to or from it works any more
//	cut n1 > n2           nor this one, in this direction
//	heal                  all links work
//	crash n1              also: powerloss, pause, resume, restart
//	jump n1 -3s           its clock is set
//	bug name              of all processes that start from then on
//	wait 2s
//	show                  what each node is
//
// In place of a node leader stands for the one that leads, and it for that of the last fault. The output has what came of the operations and what show shows.
type Script struct {
	Kind  cluster.Kind
	Nodes int
	// Config changes the default settings; nil if they stay.
	Config func(cluster.Config)
	// Show is what a node is, in a line.
	Show func(s cluster.System, node string) string
	// Operation makes an operation of the words of a line, without "near n1"; nil if they are its name, a key and values.
	Operation func(words ...string) (cluster.Op, error)
	// Node is the node that a word stands for that is no node's name; nil if there are no such words but those of all kinds.
	Node func(s cluster.System, word string) string
	// Plant plants a bug in whatever starts from now on; nil if the kind has none.
	Plant func(s cluster.System, bug string)
	// Begin takes the place of Show and Operation where clients go by what they were told: at the beginning of a script it returns what carries out
	// the lines that are no faults, show among them. It may be nil.
	Begin func(t *testing.T, s cluster.System) func(words []string) string
	// Settle says what a fault, or time, has made of what had begun before; nil if that is said of nothing.
	Settle func() string
}

// Run runs the scripts of a directory.
func (s Script) Run(t *testing.T, dir string) {
	datadriven.Walk(t, dir, func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			files, said := t.TempDir(), ""
			synctest.Test(t, func(t *testing.T) {
				p := &play{Script: s, t: t, named: map[string]*named{}}
				p.start(files, d.Cmd)
				for _, line := range strings.Split(d.Input, "\n") {
					if text := p.step(strings.Fields(line)); text != "" {
						said += text + "\n"
					}
				}
				p.check(p.system.Stop())
			})
			return said
		})
	})
}

// play is a script that is run.
type play struct {
	Script
	t       *testing.T
	system  cluster.System
	begun   func(words []string) string // see Begin; nil if there is none
	clients int
	named   map[string]*named
	it      string // the node of the last fault
}

// start starts the system, and waits until it serves.
func (p *play) start(dir, mode string) {
	p.t.Helper()
	config := p.Kind.Config()
	if p.Config != nil {
		p.Config(config)
	}
	var err error
	p.system, err = p.Kind.Open(cluster.Env{Seed: 1, Dir: dir, Nodes: max(p.Nodes, 3), Mode: mode, Config: config})
	p.check(err)
	p.check(p.system.Start())
	time.Sleep(2 * time.Second)
	if p.Begin != nil {
		p.begun = p.Begin(p.t, p.system)
	}
}

func (p *play) step(words []string) string {
	if !p.fault(words) {
		return p.act(words)
	}
	if p.Settle == nil {
		return ""
	}
	return p.Settle()
}

// fault carries out a line if it is a fault, or lets time pass.
func (p *play) fault(words []string) bool {
	faults, last := p.system.Faults(), words[len(words)-1]
	switch words[0] {
	case "wait":
		time.Sleep(p.duration(last))
	case "cut":
		p.cut(words)
	case "heal":
		p.links(func(string) bool { return true }, faults.Links.Mend)
	case "crash":
		p.check(faults.Processes.Crash(p.node(last)))
	case "powerloss":
		p.check(faults.Processes.PowerLoss(p.node(last)))
	case "restart":
		p.check(faults.Processes.Restart(p.node(last)))
	case "pause":
		p.check(faults.Pauses.Pause(p.node(last)))
	case "resume":
		p.check(faults.Pauses.Resume(p.node(last)))
	case "jump":
		p.check(faults.Clocks.Jump(p.node(words[1]), p.duration(last)))
	case "bug":
		p.Plant(p.system, last)
	default:
		return false
	}
	return true
}

// node is the node that a word stands for.
func (p *play) node(word string) string {
	switch {
	case slices.Contains(p.system.Nodes(), word):
		p.it = word
	case word == "it":
	case word == "leader":
		p.it, _ = p.system.Faults().Leadership.Leader()
	case p.Node != nil:
		p.it = p.Node(p.system, word)
	default:
		p.t.Fatalf("there is no node %s", word)
	}
	return p.it
}

// act carries out a line that is no fault.
func (p *play) act(words []string) string {
	switch {
	case p.begun != nil:
		return p.begun(words)
	case words[0] == "show":
		return p.show()
	default:
		return p.operate(words)
	}
}

// cut cuts the links of a node, or one link.
func (p *play) cut(words []string) {
	links := p.system.Faults().Links
	if words[1] != "off" {
		links.Cut(p.node(words[1]), p.node(words[3]))
		return
	}
	off := p.node(words[2])
	p.links(func(node string) bool { return node == off }, links.Cut)
}

// links does something to all links of the nodes of which something holds.
func (p *play) links(of func(node string) bool, do func(from, to string)) {
	for _, a := range p.system.Nodes() {
		for _, b := range p.system.Nodes() {
			if a != b && (of(a) || of(b)) {
				do(a, b)
			}
		}
	}
}

func (p *play) show() string {
	var lines []string
	for _, node := range p.system.Nodes() {
		lines = append(lines, fmt.Sprintf("  %s %s", node, p.Show(p.system, node)))
	}
	return strings.Join(lines, "\n")
}

func (p *play) operate(words []string) string {
	c := &named{}
	if n := len(words) - 2; words[n] == "by" {
		c, words = p.client(words[n+1]), words[:n]
	}
	asked, near := words[:len(words)-2], words[len(words)-1]
	if c.Client == nil {
		p.clients++
		c.Client = p.system.Open(p.clients, near)
	}
	if !c.stays {
		defer c.Close()
	}
	operation := p.Operation
	if operation == nil {
		operation = c.onKey
	}
	op, err := operation(asked...)
	p.check(err)
	out := c.Do(op)
	c.told(op, out)
	text := fmt.Sprintf("%s: %s by %s", strings.Join(asked, " "), out.Type, out.Node)
	if op.F == "read" && out.Type == history.OK {
		text += ", it is " + out.Value.String()
	}
	if out.Error != "" {
		text += ", " + out.Error
	}
	return text
}

// OnKey is an operation on a key, with values.
func OnKey(words ...string) (cluster.Op, error) { return (&named{}).onKey(words...) }

// onKey is an operation of the client on a key.
func (c *named) onKey(words ...string) (cluster.Op, error) {
	op := cluster.Op{F: words[0], Key: words[1]}
	var values []history.Value
	for _, word := range words[2:] {
		v, err := history.ParseValue([]byte(word))
		if err != nil {
			return op, err
		}
		values = append(values, v)
	}
	switch {
	case op.F == "siblings" || op.F == "replace":
		return c.onSiblings(op, values), nil
	case len(values) == 1:
		op.Value = values[0]
	case len(values) == 2:
		op.Value = history.ListValue(values...)
	}
	return op, nil
}

func (p *play) duration(word string) time.Duration {
	p.t.Helper()
	d, err := time.ParseDuration(word)
	p.check(err)
	return d
}

func (p *play) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// Package scripted runs scripts about stores whose clients are those of package versioned, for their tests. The command of a script is a
// mode, with the number of nodes; three if it says none. Its lines are
//
//	a@n1 read k           by client a, which is near n1
//	a@n1 write k 1
//	a@n1 siblings k       reads siblings
//	a@n1 replace k 2      writes a sibling in place of what the client has read
//	cut off n1            no link to or from it works any more
//	cut n1 from n2        no link between them does
//	heal                  all links work
//	crash n1              also: powerloss, pause, resume, restart
//	jump n1 -2s           sets its clock
//	bug name              of all processes that start from then on
//	wait 2s
//	show                  what each node has
//
// The output has what came of the operations and what show shows.
package scripted

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// System is what a script acts on: machines of package sim.
type System interface {
	cluster.System
	cluster.Links
	cluster.Processes
	cluster.Pauses
	cluster.Clocks
}

// Store is how the scripts of a store get at it.
type Store[S System] struct {
	Kind  cluster.Kind
	Plant func(system S, bug string)         // has all processes that start from then on have a bug
	Show  func(system S, node string) string // what a node that runs has
}

// Run runs the scripts below a directory.
func (s Store[S]) Run(t *testing.T, dir string) {
	datadriven.Walk(t, dir, func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			files, nodes := t.TempDir(), 3
			d.MaybeScanArgs(t, "nodes", &nodes)
			var said []string
			synctest.Test(t, func(t *testing.T) {
				opened, err := s.Kind.Open(cluster.Env{Seed: 1, Dir: files, Nodes: nodes, Mode: d.Cmd, Config: s.Kind.Config()})
				if err == nil {
					err = opened.Start()
				}
				if err != nil {
					t.Fatal(err)
				}
				r := &script[S]{Store: s, t: t, system: opened.(S), clients: map[string]*client{}}
				for _, line := range strings.Split(d.Input, "\n") {
					if text := r.step(strings.Fields(line)); text != "" {
						said = append(said, text)
					}
				}
				r.check(r.system.Stop())
			})
			return strings.Join(said, "\n") + "\n"
		})
	})
}

// script is one that runs.
type script[S System] struct {
	Store[S]
	t       *testing.T
	system  S
	clients map[string]*client
	opened  int
}

// client is one that a script names, with the siblings that it has read.
type client struct {
	cluster.Client
	read []history.Value
}

func (s *script[S]) step(words []string) string {
	last := words[len(words)-1]
	switch words[0] {
	case "wait":
		time.Sleep(s.duration(last))
	case "cut":
		s.cut(words[1:])
	case "heal":
		for _, node := range s.system.Nodes() {
			s.links(node, s.system.Mend)
		}
	case "crash":
		s.check(s.system.Crash(last))
	case "powerloss":
		s.check(s.system.PowerLoss(last))
	case "restart":
		s.check(s.system.Restart(last))
	case "pause":
		s.check(s.system.Pause(last))
	case "resume":
		s.check(s.system.Resume(last))
	case "jump":
		s.check(s.system.Jump(words[1], s.duration(last)))
	case "bug":
		s.Plant(s.system, last)
	case "show":
		return s.show()
	default:
		return s.operate(words)
	}
	return ""
}

func (s *script[S]) duration(word string) time.Duration {
	d, err := time.ParseDuration(word)
	s.check(err)
	return d
}

// cut cuts off a node, or cuts what is between two.
func (s *script[S]) cut(words []string) {
	if words[0] == "off" {
		s.links(words[1], s.system.Cut)
		return
	}
	s.system.Cut(words[0], words[2])
	s.system.Cut(words[2], words[0])
}

func (s *script[S]) links(node string, do func(from, to string)) {
	for _, other := range s.system.Nodes() {
		if other != node {
			do(node, other)
			do(other, node)
		}
	}
}

func (s *script[S]) show() string {
	var lines []string
	down := s.system.Report().Track
	for _, node := range s.system.Nodes() {
		state := "down"
		for _, change := range slices.Backward(down) {
			if change.Node == node {
				if change.Role != state {
					state = s.Show(s.system, node)
				}
				break
			}
		}
		lines = append(lines, fmt.Sprintf("  %s %s", node, state))
	}
	return strings.Join(lines, "\n")
}

func (s *script[S]) operate(words []string) string {
	name, near, ok := strings.Cut(words[0], "@")
	if !ok {
		s.t.Fatalf("%q is no line of a script", strings.Join(words, " "))
	}
	c := s.clients[name]
	if c == nil {
		s.opened++
		c = &client{Client: s.system.Open(s.opened, near)}
		s.clients[name] = c
	}
	op := s.op(c, words[1:])
	out := c.Do(op)
	if op.F == ops.Read && op.Object != "" && out.Type == history.OK {
		c.read = slices.Collect(out.Value.Elements)
	}
	if out.Type == history.Info {
		c.Close()
		delete(s.clients, name)
	}
	text := fmt.Sprintf("%s: %s by %s", strings.Join(words, " "), out.Type, out.Node)
	if op.F == ops.Read && out.Type == history.OK {
		text += ", it is " + out.Value.String()
	}
	if out.Error != "" {
		text += ", " + out.Error
	}
	return text
}

// op is an operation of a line.
func (s *script[S]) op(c *client, words []string) cluster.Op {
	op := cluster.Op{F: words[0], Key: words[1]}
	var value history.Value
	if len(words) > 2 {
		var err error
		value, err = history.ParseValue([]byte(words[2]))
		s.check(err)
	}
	switch words[0] {
	case "write":
		op.Value = value
	case "siblings":
		op.Object, op.F = ops.Siblings, ops.Read
	case "replace":
		op.Object, op.F = ops.Siblings, ops.Write
		op.Value = ops.SiblingWrite{Value: value, Replaces: c.read}.Encode()
		c.read = nil
	}
	return op
}

func (s *script[S]) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

package primary

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster"
	"faultline/history"
)

// TestScripts shows what the modes do. A script has a mode and three nodes; n1 leads first. Its lines are
//
//	write k 1 near n1     also: read k, cas k 1 2, delete k; by a client that asks this node first
//	cut off n1            no link to or from it works any more
//	heal                  all links work
//	crash n1              also: powerloss, pause, resume, restart
//	bug name              of all processes that start from then on
//	wait 2s
//	show                  what each node is, how long its log is and how much of it is committed
//
// The output has what came of the operations and what show shows.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/script", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			dir, said := t.TempDir(), ""
			synctest.Test(t, func(t *testing.T) {
				s := &script{t: t, system: start(t, dir, d.Cmd)}
				for _, line := range strings.Split(d.Input, "\n") {
					if text := s.step(strings.Fields(line)); text != "" {
						said += text + "\n"
					}
				}
				s.check(s.system.Stop())
			})
			return said
		})
	})
}

func start(t *testing.T, dir, mode string) *system {
	t.Helper()
	opened, err := Kind().Open(cluster.Env{Seed: 1, Dir: dir, Nodes: 3, Mode: mode, Config: defaults()})
	if err == nil {
		err = opened.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	return opened.(*system)
}

type script struct {
	t       *testing.T
	system  *system
	clients int
}

func (s *script) step(words []string) string {
	node := words[len(words)-1]
	switch words[0] {
	case "wait":
		d, err := time.ParseDuration(words[1])
		s.check(err)
		time.Sleep(d)
	case "cut":
		s.links(node, s.system.Cut)
	case "heal":
		for _, node := range s.system.Nodes() {
			s.links(node, s.system.Mend)
		}
	case "crash":
		s.check(s.system.Crash(node))
	case "powerloss":
		s.check(s.system.PowerLoss(node))
	case "restart":
		s.check(s.system.Restart(node))
	case "pause":
		s.check(s.system.Pause(node))
	case "resume":
		s.check(s.system.Resume(node))
	case "bug":
		s.system.plant = planting(words[1])
	case "show":
		return s.show()
	default:
		return s.operate(words)
	}
	return ""
}

func (s *script) links(node string, do func(from, to string)) {
	for _, other := range s.system.Nodes() {
		if other != node {
			do(node, other)
			do(other, node)
		}
	}
}

func (s *script) show() string {
	var lines []string
	for _, node := range s.system.Nodes() {
		line := node + " down"
		if r, _ := s.system.Program(node).(*replica); r != nil {
			role, _ := r.Role()
			line = fmt.Sprintf("%s %s, %s", node, role, r.standing())
		}
		lines = append(lines, "  "+line)
	}
	return strings.Join(lines, "\n")
}

func (s *script) operate(words []string) string {
	asked, near := words[:len(words)-2], words[len(words)-1]
	op := cluster.Op{F: asked[0], Key: asked[1]}
	var values []history.Value
	for _, word := range asked[2:] {
		v, err := history.ParseValue([]byte(word))
		s.check(err)
		values = append(values, v)
	}
	switch len(values) {
	case 1:
		op.Value = values[0]
	case 2:
		op.Value = history.ListValue(values...)
	}
	s.clients++
	c := s.system.Open(s.clients, near)
	defer c.Close()
	out := c.Do(op)
	text := fmt.Sprintf("%s: %s by %s", strings.Join(asked, " "), out.Type, out.Node)
	if op.F == "read" && out.Type == history.OK {
		text += ", it is " + out.Value.String()
	}
	if out.Error != "" {
		text += ", " + out.Error
	}
	return text
}

func (s *script) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

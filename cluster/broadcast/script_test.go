package broadcast

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

// TestScripts shows what the modes do. A script has a mode and three nodes. Its lines are
//
//	n1 broadcast 5    also: read k, write k 1; by a client of this node
//	cut n1 n3         the link between the two is cut, both ways
//	heal              all links work
//	crash n1          also: powerloss, pause, resume, restart
//	bug name          of all processes that start from then on
//	wait 2s
//	show              what each node has delivered
//
// The output has what came of the operations that failed or that read, and what show shows.
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
	return opened.(*system)
}

type script struct {
	t       *testing.T
	system  *system
	clients int
}

func (s *script) step(words []string) string {
	at := words[len(words)-1]
	switch words[0] {
	case "wait":
		d, err := time.ParseDuration(at)
		s.check(err)
		time.Sleep(d)
	case "cut":
		s.system.Cut(words[1], words[2])
		s.system.Cut(words[2], words[1])
	case "heal":
		for _, from := range s.system.Nodes() {
			for _, to := range s.system.Nodes() {
				s.system.Mend(from, to)
			}
		}
	case "crash":
		s.check(s.system.Crash(at))
	case "powerloss":
		s.check(s.system.PowerLoss(at))
	case "restart":
		s.check(s.system.Restart(at))
	case "pause":
		s.check(s.system.Pause(at))
	case "resume":
		s.check(s.system.Resume(at))
	case "bug":
		s.system.plant = planting(at)
	case "show":
		return s.show()
	default:
		return s.operate(words[0], words[1:])
	}
	return ""
}

func (s *script) show() string {
	var lines []string
	for _, name := range s.system.Nodes() {
		line := "down"
		if n, _ := s.system.Program(name).(*node); n != nil {
			n.mu.Lock()
			line = fmt.Sprintf("%s", n.delivered)
			n.mu.Unlock()
			if !n.Settled() {
				line += " …"
			}
		}
		lines = append(lines, "  "+name+" "+line)
	}
	return strings.Join(lines, "\n")
}

func (s *script) operate(node string, asked []string) string {
	op := cluster.Op{F: asked[0]}
	rest := asked[1:]
	if op.F != "broadcast" {
		op.Key, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 {
		v, err := history.ParseValue([]byte(rest[0]))
		s.check(err)
		op.Value = v
	}
	s.clients++
	c := s.system.Open(s.clients, node)
	defer c.Close()
	switch out := c.Do(op); {
	case out.Type != history.OK:
		return fmt.Sprintf("%s %s: %s, %s", node, strings.Join(asked, " "), out.Type, out.Error)
	case op.F == "read":
		return fmt.Sprintf("%s %s: %s", node, strings.Join(asked, " "), out.Value)
	}
	return ""
}

func (s *script) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

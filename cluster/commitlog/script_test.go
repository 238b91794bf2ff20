package commitlog

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

// TestScripts shows what the modes do. A script has a mode and three nodes; n1 leads the partition log, and n2 is the
// controller. Its lines are
//
//	send log 1 near n1     also: poll log 0, fetch log 0; by a client that is near this node. There is one at each, until an outcome is
//	                       unknown
//	cut n1 n2              no link between the two works any more
//	isolate n1             nor any to or from this one
//	heal                   all links work
//	crash n1               also: powerloss, pause, resume, restart
//	bug name               of all processes that start from then on
//	wait 2s
//	show                   what each node has of the partition log, and who is in sync
//
// The output has what came of the operations and what show shows.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/script", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			dir, said := t.TempDir(), ""
			synctest.Test(t, func(t *testing.T) {
				s := &script{t: t, system: start(t, dir, d.Cmd), clients: map[string]cluster.Client{}}
				for _, line := range strings.Split(d.Input, "\n") {
					if text := s.step(strings.Fields(line)); text != "" {
						said += text + "\n"
					}
				}
				for _, c := range s.clients {
					c.Close()
				}
				s.check(s.system.Stop())
				time.Sleep(time.Minute) // until dials of dead nodes have given up
			})
			return said
		})
	})
}

// controls is the node that leads in Raft when a script begins. Raft's own choice follows from a generator that tests do not seed.
const controls = "n2"

func start(t *testing.T, dir, mode string) *system {
	t.Helper()
	opened, err := Kind().Open(cluster.Env{Seed: 1, Dir: dir, Nodes: 3, Mode: mode, Config: defaults()})
	if err == nil {
		err = opened.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	s := opened.(*system)
	time.Sleep(5 * time.Second)
	_ = s.Transfer(controls) // which is no error worth a word: that node may lead already
	time.Sleep(2 * time.Second)
	return s
}

type script struct {
	t       *testing.T
	system  *system
	clients map[string]cluster.Client // by the nodes near which they are
	opened  int
}

func (s *script) step(words []string) string {
	node := words[len(words)-1]
	switch words[0] {
	case "wait":
		d, err := time.ParseDuration(words[1])
		s.check(err)
		time.Sleep(d)
	case "cut":
		s.system.Cut(words[1], words[2])
		s.system.Cut(words[2], words[1])
	case "isolate":
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
		if b := s.system.broker(node); b != nil {
			line = node + " " + b.standing("log")
			b.Lock()
			if r := b.replica("log"); r != nil && r.leading != nil {
				line += fmt.Sprintf(", leads, in sync are %s", strings.Join(b.inSync(r).InSync, " "))
			}
			b.Unlock()
		}
		lines = append(lines, "  "+line)
	}
	return strings.Join(lines, "\n")
}

func (s *script) operate(words []string) string {
	asked, near := words[:3], words[4]
	value, err := history.ParseValue([]byte(asked[2]))
	s.check(err)
	c := s.clients[near]
	if c == nil {
		s.opened++
		c = s.system.Open(s.opened, near)
		s.clients[near] = c
	}
	out := c.Do(cluster.Op{F: asked[0], Key: asked[1], Value: value})
	if out.Type == history.Info {
		c.Close()
		delete(s.clients, near)
	}
	text := fmt.Sprintf("%s: %s by %s", strings.Join(asked, " "), out.Type, out.Node)
	if out.Type == history.OK {
		text += ", " + out.Value.String()
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

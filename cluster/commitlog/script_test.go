package commitlog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/history"
	"faultline/internal/kindtest"
)

// TestScripts shows what the modes do. When a script begins n2 is the controller, and n1 leads the first partition, log. The lines that are not of
// every kind of system are
//
//	send log 1 near n1     also: poll log 0, fetch log 0, process in "out", update a 1, view index null; by a client that is near this
//	                       node. There is one at each, until an outcome is unknown
//	show                   what each node has of the partition log, and who is in sync
func TestScripts(t *testing.T) {
	kindtest.Script{Kind: Kind(), Begin: begin, Plant: func(s cluster.System, bug string) { bugs.Planting(bug)(s.(*system)) }}.Run(t, "testdata/script")
}

// controls is the node that leads in Raft when a script begins. Raft's own choice follows from a generator that tests do not seed.
const controls = "n2"

func begin(t *testing.T, opened cluster.System) func([]string) string {
	s := &script{t: t, system: opened.(*system), clients: map[string]cluster.Client{}}
	time.Sleep(3 * time.Second)
	_ = s.system.Transfer(controls) // which is no error worth a word: that node may lead already
	time.Sleep(2 * time.Second)
	t.Cleanup(func() {
		for _, c := range s.clients {
			c.Close()
		}
		time.Sleep(time.Minute) // until dials of dead nodes have given up
	})
	return s.step
}

type script struct {
	t       *testing.T
	system  *system
	clients map[string]cluster.Client // by the nodes near which they are
	opened  int
}

func (s *script) step(words []string) string {
	if words[0] == "show" {
		return s.show()
	}
	return s.operate(words)
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
	if err != nil {
		s.t.Fatal(err)
	}
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

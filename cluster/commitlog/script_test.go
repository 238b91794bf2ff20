package commitlog

import (
	"fmt"
	"maps"
	"slices"
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
//	send-all null [["a",1],["b",2]] near n1
//	                       also: abandon
//	begin a b near n1      a transaction in these partitions, by the steps that the client near n1 makes
//	part a 1 near n1       a record of it
//	commit near n1         also: abort
//	like n1 near n2        the client near n2 has the transactional id of the one near n1 from now on
//	transactions           what the coordinator knows of transactions
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
	switch words[0] {
	case "show":
		return s.show()
	case "transactions":
		return s.transactions()
	case "begin", "part", "commit", "abort", "like":
		n := len(words) - 2
		return s.within(s.client(words[n+1]), words[:n])
	default:
		return s.operate(words)
	}
}

// transactions is what the coordinator knows.
func (s *script) transactions() string {
	var lines []string
	for _, node := range s.system.Nodes() {
		b := s.system.broker(node)
		if b == nil {
			continue
		}
		b.Lock()
		if r := b.replica(transactions); r != nil && r.leading != nil {
			for _, id := range slices.Sorted(maps.Keys(r.states)) {
				t := r.states[id]
				lines = append(lines, strings.TrimSpace(fmt.Sprintf("  %s says that %s is %s at epoch %d %s", node, id, t.Phase, t.Epoch, strings.Join(t.Partitions, " "))))
			}
		}
		b.Unlock()
	}
	return strings.Join(lines, "\n")
}

// within has a client make a step of a transaction.
func (s *script) within(c *client, words []string) string {
	var out cluster.Outcome
	switch words[0] {
	case "like":
		c.within = within{id: s.client(words[1]).within.id}
		return ""
	case "begin":
		out = c.begin(words[1:])
	case "part":
		out = c.append(words[1], c.within.numbered(words[1], message{Value: words[2]}), 0)
	case "commit":
		out = c.end(commits)
	case "abort":
		out = c.end(aborts)
	}
	return told(words, out)
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
	c := s.client(near)
	out := c.Do(cluster.Op{F: asked[0], Key: asked[1], Value: value})
	if out.Type == history.Info {
		c.Close()
		delete(s.clients, near)
	}
	return told(asked, out)
}

// client is the one that is near a node.
func (s *script) client(near string) *client {
	c := s.clients[near]
	if c == nil {
		s.opened++
		c = s.system.Open(s.opened, near)
		s.clients[near] = c
	}
	return c.(*client)
}

// told is what came of something.
func told(asked []string, out cluster.Outcome) string {
	text := fmt.Sprintf("%s: %s by %s", strings.Join(asked, " "), out.Type, out.Node)
	if out.Type == history.OK && out.Value.Kind() != history.None {
		text += ", " + out.Value.String()
	}
	if out.Error != "" {
		text += ", " + out.Error
	}
	return text
}

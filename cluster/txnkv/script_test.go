package txnkv

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/internal/kindtest"
)

// TestScripts shows what the isolation levels do with transactions that interleave. In testdata/shards there are two shards of three nodes. The
// lines that are not of every kind of system are
//
//	1: read x          by transaction 1, which begins with its first line; also write x 5, append x 5, scan x,
//	                   commit, rollback
//	2 only: read x     by one that only reads, and says so when it begins
//	begin 1            it begins now: it takes its snapshot
//	sever prepared     no link between shards works any more once a participant has prepared; or decided: once a
//	                   coordinator has
//	doubts             which transactions are, or were, in doubt
//
// In place of a node leader0 stands for the one that leads shard 0. The output has what came of each line. A transaction that waits says so, and when
// it goes on.
func TestScripts(t *testing.T) {
	var s *script
	scripts := kindtest.Script{Kind: Kind(),
		Node:   func(_ cluster.System, word string) string { return s.leaderOf(word) },
		Plant:  func(_ cluster.System, bug string) { bugs.Planting(bug)(s.system) },
		Settle: func() string { return s.settle("", "") },
		Begin: func(t *testing.T, opened cluster.System) func([]string) string {
			s = &script{t: t, system: opened.(*system), actors: map[string]*actor{}}
			t.Cleanup(func() {
				for _, name := range s.names {
					s.actors[name].stop()
				}
				time.Sleep(time.Minute) // until dials of dead nodes have given up
			})
			return s.step
		}}
	scripts.Run(t, "testdata/script")
	scripts.Nodes, scripts.Config = 6, func(c cluster.Config) { c.(*Config).Shards = 2 }
	scripts.Run(t, "testdata/shards")
}

type script struct {
	t      *testing.T
	system *system
	names  []string
	actors map[string]*actor
}

// actor is a client with one transaction after the other.
type actor struct {
	client cluster.Interactive
	txn    cluster.Transaction
	steps  chan string
	only   bool // it only reads, and says so
	done   chan string
	ended  chan struct{}
}

func (a *actor) stop() {
	close(a.steps)
	<-a.ended
	a.client.Close()
}

func (a *actor) run() {
	defer close(a.ended)
	for line := range a.steps {
		a.done <- a.do(strings.Fields(line))
	}
}

func (a *actor) do(words []string) string {
	if a.txn == nil {
		a.txn = a.client.Begin(cluster.TransactionOptions{ReadOnly: a.only})
	}
	switch words[0] {
	case "commit":
		return a.end(a.txn.Commit())
	case "rollback":
		return a.end(a.txn.Rollback())
	}
	step := ops.Step{Key: words[1], Value: history.NilValue()}
	for kind := ops.ReadStep; kind <= ops.ScanStep; kind++ {
		if kind.Verb() == words[0] {
			step.Kind = kind
		}
	}
	if len(words) > 2 {
		step.Value, _ = history.ParseValue([]byte(words[2]))
	}
	out := a.txn.Step(step)
	if out.Type != history.OK {
		return a.end(out)
	}
	if step.Writes() {
		return "ok"
	}
	return out.Value.String()
}

func (a *actor) end(out cluster.Outcome) string {
	a.txn = nil
	return strings.TrimSpace(fmt.Sprintf("%v %s", out.Type, out.Error))
}

func (s *script) step(words []string) string {
	name, line, ofActor := strings.Cut(strings.Join(words, " "), ": ")
	switch {
	case ofActor:
		s.actor(name).steps <- line
		return s.settle(name, line)
	case words[0] == "begin":
		s.begin(s.actor(words[1]))
	case words[0] == "doubts":
		return s.doubts()
	case words[0] == "sever":
		s.sever(words[1])
	default:
		s.t.Fatalf("unknown line %v", words)
	}
	return ""
}

// begin has a transaction begin on the first shard.
func (s *script) begin(a *actor) {
	a.txn = a.client.Begin(cluster.TransactionOptions{})
	if _, out := a.txn.(*interactive).branch(0); out.Type != history.OK {
		s.t.Fatalf("it does not begin: %v %s", out.Type, out.Error)
	}
}

// settle gives everybody time, and says what came of the last line and of those that waited.
func (s *script) settle(of, line string) string {
	time.Sleep(100 * time.Millisecond)
	var said []string
	for _, name := range s.names {
		select {
		case result := <-s.actors[name].done:
			if name == of {
				said = append(said, fmt.Sprintf("%s: %s: %s", name, line, result))
			} else {
				said = append(said, fmt.Sprintf("%s goes on: %s", name, result))
			}
		default:
			if name == of {
				said = append(said, fmt.Sprintf("%s: %s: waits", name, line))
			}
		}
	}
	return strings.Join(said, "\n")
}

func (s *script) actor(name string) *actor {
	if a := s.actors[name]; a != nil {
		return a
	}
	s.names = append(s.names, name)
	a := &actor{only: strings.HasSuffix(name, "only"), client: s.system.Open(len(s.names), "n1").(cluster.Interactive), steps: make(chan string, 1), done: make(chan string, 1),
		ended: make(chan struct{})}
	s.actors[name] = a
	go a.run()
	return a
}

// sever cuts the shards off from each other when something is in a log.
func (s *script) sever(when string) {
	kind := map[string]string{"prepared": prepares, "decided": commits}[when]
	for _, node := range s.system.Nodes() {
		r := s.system.Program(node).(*replica)
		r.append = func(n entry) (uint64, error) {
			index, err := r.log(n)
			if n.Kind == kind {
				s.apart()
			}
			return index, err
		}
	}
}

func (s *script) apart() {
	for _, a := range s.system.shards[0] {
		for _, b := range s.system.shards[1] {
			s.system.Cut(a, b)
			s.system.Cut(b, a)
		}
	}
}

func (s *script) doubts() string {
	var said []string
	for _, d := range s.system.Report().InDoubt {
		state := "decided by now"
		if d.Until < 0 {
			state = "undecided"
		}
		said = append(said, fmt.Sprintf("%s waits for %s: %s", d.Transaction, d.Coordinator, state))
	}
	return strings.Join(said, "\n")
}

// leaderOf is the node that leads a shard: leader0.
func (s *script) leaderOf(word string) string {
	shard, err := strconv.Atoi(strings.TrimPrefix(word, "leader"))
	if err != nil {
		s.t.Fatalf("there is no node %s", word)
	}
	node, _ := s.system.LeadingOf(s.system.shards[shard])
	return node
}

package txnkv

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// TestScripts shows what the isolation levels do with transactions that interleave. The command of a script is a level, and
// its arguments settings. Its lines are
//
//	1: read x          by transaction 1, which begins with its first line; also write x 5, append x 5, scan x,
//	                   commit, rollback
//	2 only: read x     by one that only reads, and says so when it begins
//	begin 1            it begins now: it takes its snapshot
//	cut off n1         no link to or from it works any more; leader stands for the node that leads (leader0 on shard 0), and it for the last one
//	crash n1           also restart, pause, resume
//	heal               all links work
//	sever prepared     no link between shards works any more once a participant has prepared; or decided: once a
//	                   coordinator has
//	doubts             which transactions are, or were, in doubt
//	wait 2s
//	bug name           of all processes that start from then on
//
// The output has what came of each line. A transaction that waits says so, and when it goes on.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/script", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			dir := t.TempDir()
			var s *script
			synctest.Test(t, func(t *testing.T) {
				s = &script{t: t, system: start(t, dir, d), actors: map[string]*actor{}}
				for _, line := range strings.Split(d.Input, "\n") {
					s.line(line)
				}
				for _, name := range s.names {
					s.actors[name].stop()
				}
				s.check(s.system.Stop())
				time.Sleep(time.Minute) // until dials of dead nodes have given up
			})
			return s.said.String()
		})
	})
}

func start(t *testing.T, dir string, d *datadriven.TestData) *system {
	t.Helper()
	config := Config{}.WithDefaults()
	env := cluster.Env{Seed: 1, Dir: dir, Nodes: 3, Mode: d.Cmd, Config: &config}
	for _, arg := range d.CmdArgs {
		switch arg.Key {
		case "bug":
			env.Bug = arg.Vals[0]
		case "shards":
			arg.Scan(t, 0, &config.Shards)
			env.Nodes = 3 * config.Shards
		default:
			t.Fatalf("unknown setting %s", arg.Key)
		}
	}
	opened, err := Kind().Open(env)
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
	t      *testing.T
	system *system
	said   strings.Builder
	it     string // the node of the last fault
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

func (s *script) line(line string) {
	name, rest, ofActor := strings.Cut(line, ": ")
	switch words := strings.Fields(line); {
	case ofActor:
		s.actor(name).steps <- rest
		s.settle(name, rest)
	case words[0] == "begin":
		a := s.actor(words[1])
		a.txn = a.client.Begin(cluster.TransactionOptions{})
		if _, out := a.txn.(*interactive).branch(0); out.Type != history.OK {
			s.t.Fatalf("%s: %v %s", line, out.Type, out.Error)
		}
	case words[0] == "doubts":
		s.doubts()
	case words[0] == "sever":
		s.sever(words[1])
	default:
		s.fault(words)
		s.settle("", "")
	}
}

// settle gives everybody time, and says what came of the last line and of those that waited.
func (s *script) settle(of, line string) {
	time.Sleep(100 * time.Millisecond)
	for _, name := range s.names {
		a := s.actors[name]
		select {
		case result := <-a.done:
			if name == of {
				fmt.Fprintf(&s.said, "%s: %s: %s\n", name, line, result)
			} else {
				fmt.Fprintf(&s.said, "%s goes on: %s\n", name, result)
			}
		default:
			if name == of {
				fmt.Fprintf(&s.said, "%s: %s: waits\n", name, line)
			}
		}
	}
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

func (s *script) doubts() {
	for _, d := range s.system.Report().InDoubt {
		state := "decided by now"
		if d.Until < 0 {
			state = "undecided"
		}
		fmt.Fprintf(&s.said, "%s waits for %s: %s\n", d.Transaction, d.Coordinator, state)
	}
}

func (s *script) fault(words []string) {
	if words[0] == "wait" {
		d, err := time.ParseDuration(words[1])
		s.check(err)
		time.Sleep(d)
		return
	}
	node := words[len(words)-1]
	switch node {
	case "leader":
		node, _ = s.system.Leader()
	case "leader0":
		node, _ = s.system.LeadingOf(s.system.shards[0])
	case "it":
		node = s.it
	}
	s.it = node
	switch words[0] {
	case "cut":
		s.links(node, s.system.Cut)
	case "heal":
		for _, node := range s.system.Nodes() {
			s.links(node, s.system.Mend)
		}
	case "crash":
		s.check(s.system.Crash(node))
	case "restart":
		s.check(s.system.Restart(node))
	case "pause":
		s.check(s.system.Pause(node))
	case "resume":
		s.check(s.system.Resume(node))
	default:
		s.t.Fatalf("unknown line %v", words)
	}
}

// links does something to all links of a node.
func (s *script) links(node string, do func(from, to string)) {
	for _, other := range s.system.Nodes() {
		if other != node {
			do(node, other)
			do(other, node)
		}
	}
}

func (s *script) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

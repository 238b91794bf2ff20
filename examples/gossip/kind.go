package gossip

import (
	"math/rand/v2"
	"time"

	"faultline"
	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/trace"
	"faultline/history"
)

// syncLater names the bug that can be planted.
const syncLater = "sync-later"

// Where a process can be made to die.
const (
	beforeSync   = "before-sync"
	beforeAnswer = "before-answer"
)

func init() {
	faultline.Register(cluster.Kind{
		Name: "gossip-set", Doc: "a set that nodes tell each other of", Nodes: 5,
		Modes:       []cluster.Mode{{Name: "gossip", Doc: "a node answers when an element is on its own disk", Claims: "nothing acknowledged is lost"}},
		Ops:         []string{"add", "read"},
		Suffers:     sim.Suffers(),
		CrashPoints: []string{beforeSync, beforeAnswer},
		Bugs: []cluster.Bug{{Name: syncLater, Summary: "a node syncs its file once a second, whatever it has answered",
			Why: "A loss of power takes what came since. Those who were told before do not tell it back."}},
		Open:  open,
		Probe: func(*rand.Rand) cluster.Op { return cluster.Op{F: "read"} },
	})
}

// system is a cluster of nodes.
type system struct{ *sim.Cluster }

var _ cluster.Replicas = system{}

func open(env cluster.Env) (cluster.System, error) {
	machines, err := sim.New(sim.Config{Seed: env.Seed, Dir: env.Dir, Nodes: cluster.NodeNames(env.Nodes), Trace: env.Trace,
		Boot:        func(p *sim.Process) (sim.Program, error) { return boot(p, env.Bug) },
		Protocols:   map[string]trace.NewProtocol{port: rpc.Protocol},
		CrashPoints: []string{beforeSync, beforeAnswer}})
	return system{machines}, err
}

// Behind implements cluster.Replicas: it names the nodes that run and lack an element that another has.
func (s system) Behind() []string {
	has := map[string]int{}
	union := map[int64]bool{}
	for _, name := range s.Nodes() {
		if n, ok := s.Program(name).(*node); ok {
			elements, all := n.since(0)
			has[name] = all
			for _, e := range elements {
				union[e] = true
			}
		}
	}
	var behind []string
	for _, name := range s.Nodes() {
		if all, runs := has[name]; runs && all < len(union) {
			behind = append(behind, name)
		}
	}
	return behind
}

// Open implements cluster.System. A client speaks to its own node, or to the next one that answers.
func (s system) Open(id int, node string) cluster.Client {
	return client{rpc.NewClient(s.Client(id), port, s.Nodes(), node,
		rpc.Timeouts{Operation: time.Second, Attempt: 300 * time.Millisecond, Backoff: 20 * time.Millisecond})}
}

type client struct{ *rpc.Client }

// Do implements cluster.Client. An element that is added twice is in the set once, so both operations may be sent again.
func (c client) Do(op cluster.Op) cluster.Outcome {
	o := rpc.Operation{Request: rpc.NewRequest("read", 0, "", nil), Answered: elements, Resend: true, Pace: op.Pace}
	if e, ok := op.Value.Int(); ok && op.F == "add" {
		o.Request = rpc.NewRequest("add", 0, op.Value.String(), []int64{e})
		o.Answered = func(rpc.Response) cluster.Outcome { return cluster.Outcome{Type: history.OK} }
	}
	return c.Near(o)
}

func elements(r rpc.Response) cluster.Outcome {
	var all []int64
	if err := r.Decode(&all); err != nil {
		return cluster.Outcome{Type: history.Info, Error: err.Error()}
	}
	var values []history.Value
	for _, e := range all {
		values = append(values, history.IntValue(e))
	}
	return cluster.Outcome{Type: history.OK, Value: history.SetValue(values...)}
}

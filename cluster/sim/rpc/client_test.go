package rpc_test

import (
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

const port = "9000"

// fake is a node that answers every request in the same way, and counts them.
type fake struct {
	does     func(*sim.Process) rpc.Response
	requests int
}

func (*fake) Role() (string, uint64) { return "follower", 0 }
func (*fake) Stop() error            { return nil }

// The ways.
func done(*sim.Process) rpc.Response    { return rpc.Answer(1, "", 5) }
func refuses(*sim.Process) rpc.Response { return rpc.Refuse(1, "not-now", "") }
func sends(*sim.Process) rpc.Response   { return rpc.Refuse(1, "not-leader", "n3") }
func unsure(*sim.Process) rpc.Response  { return rpc.Unsure(1, "deposed") }
func rejects(*sim.Process) rpc.Response { return rpc.Reject(1, "never") }
func silent(p *sim.Process) rpc.Response {
	<-p.Done()
	return rpc.Response{}
}

// withNodes has a client ask nodes that answer in these ways, n1 first.
func withNodes(t *testing.T, ways []func(*sim.Process) rpc.Response, f func(c *sim.Cluster, client *rpc.Client, nodes []*fake)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		nodes := make([]*fake, len(ways))
		names := []string{"n1", "n2", "n3"}[:len(ways)]
		c, err := sim.New(sim.Config{Dir: dir, Nodes: names, Boot: func(p *sim.Process) (sim.Program, error) {
			node := &fake{}
			for i, name := range names {
				if name == p.Node() {
					node.does, nodes[i] = ways[i], node
				}
			}
			return node, rpc.Serve(p, port, func(string, rpc.Request) rpc.Response {
				node.requests++
				return node.does(p)
			})
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		client := rpc.NewClient(c.Client(1), port, names, "n1",
			rpc.Timeouts{Operation: time.Second, Attempt: 300 * time.Millisecond, Backoff: 20 * time.Millisecond})
		f(c, client, nodes)
		client.Close()
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
}

func write(resend bool) rpc.Operation {
	return rpc.Operation{Request: rpc.NewRequest("write", 0, "", nil), Resend: resend, Answered: func(r rpc.Response) cluster.Outcome {
		var value int64
		if err := r.Decode(&value); err != nil {
			return cluster.Outcome{Type: history.Info, Error: err.Error()}
		}
		return cluster.Outcome{Type: history.OK, Value: history.IntValue(value)}
	}}
}

// TestClient: what it makes of nodes that answer, refuse, say who leads, do not know, or say nothing.
func TestClient(t *testing.T) {
	type way = func(*sim.Process) rpc.Response
	for _, test := range []struct {
		name   string
		ways   []way
		resend bool
		want   cluster.Outcome
	}{
		{"the first answers", []way{done, refuses, refuses}, false, cluster.Outcome{Type: history.OK, Value: history.IntValue(5), Node: "n1"}},
		{"the next in order answers", []way{refuses, done, refuses}, false, cluster.Outcome{Type: history.OK, Value: history.IntValue(5), Node: "n2"}},
		{"the first says who leads", []way{sends, refuses, done}, false, cluster.Outcome{Type: history.OK, Value: history.IntValue(5), Node: "n3"}},
		{"in doubt", []way{unsure, done, done}, false, cluster.Outcome{Type: history.Info, Error: "deposed", Node: "n1"}},
		{"in doubt, but it may be sent again", []way{unsure, done, done}, true, cluster.Outcome{Type: history.OK, Value: history.IntValue(5), Node: "n2"}},
		{"in vain", []way{refuses, rejects, done}, true, cluster.Outcome{Type: history.Fail, Error: "never", Node: "n2"}},
		{"in vain after a doubt", []way{unsure, rejects, done}, true, cluster.Outcome{Type: history.Info, Error: "deposed", Node: "n2"}},
		{"silence", []way{silent, done, done}, false, cluster.Outcome{Type: history.Info, Error: "timeout", Node: "n1"}},
		{"silence, but it may be sent again", []way{silent, done, done}, true, cluster.Outcome{Type: history.OK, Value: history.IntValue(5), Node: "n2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			withNodes(t, test.ways, func(_ *sim.Cluster, client *rpc.Client, _ []*fake) {
				if got := client.Do(write(test.resend)); got.Type != test.want.Type || !got.Value.Equal(test.want.Value) || got.Error != test.want.Error || got.Node != test.want.Node {
					t.Errorf("%+v, want %+v", got, test.want)
				}
			})
		})
	}
}

// TestADoubtIsToldWhateverComesAfterIt, until the time is up; and without a doubt all that refuse make a fail.
func TestADoubtIsToldWhateverComesAfterIt(t *testing.T) {
	withNodes(t, []func(*sim.Process) rpc.Response{unsure, refuses}, func(_ *sim.Cluster, client *rpc.Client, nodes []*fake) {
		begin := time.Now()
		if got := client.Do(write(true)); got.Type != history.Info || got.Error != "deposed" {
			t.Errorf("%+v", got)
		}
		if took := time.Since(begin); took < time.Second || took > 1100*time.Millisecond || nodes[1].requests < 2 {
			t.Errorf("after %v and %d requests to n2", took, nodes[1].requests)
		}
		nodes[0].does = refuses
		if got := client.Do(write(true)); got.Type != history.Fail || got.Error != "not-now" {
			t.Errorf("%+v", got)
		}
	})
}

// TestNearIsTheClientsOwnNode, whoever served before.
func TestNearIsTheClientsOwnNode(t *testing.T) {
	withNodes(t, []func(*sim.Process) rpc.Response{sends, refuses, done}, func(_ *sim.Cluster, client *rpc.Client, nodes []*fake) {
		client.Do(write(false))
		nodes[0].does = done
		if got := client.Near(write(false)); got.Node != "n1" {
			t.Errorf("%+v", got)
		}
		if got := client.Do(write(false)); got.Node != "n3" {
			t.Errorf("%+v", got)
		}
	})
}

// TestASlowClient sends a request and reads its answer in pieces, and is as patient as that takes.
func TestASlowClient(t *testing.T) {
	withNodes(t, []func(*sim.Process) rpc.Response{done}, func(_ *sim.Cluster, client *rpc.Client, _ []*fake) {
		o := write(false)
		o.Pace = 100 * time.Millisecond
		begin := time.Now()
		if got := client.Do(o); got.Type != history.OK {
			t.Errorf("%+v", got)
		}
		if took := time.Since(begin); took < 5*o.Pace {
			t.Errorf("it took %v", took)
		}
	})
}

// TestWhatNobodyGetsFails: a connection that is refused, and a machine that is gone.
func TestWhatNobodyGetsFails(t *testing.T) {
	withNodes(t, []func(*sim.Process) rpc.Response{done}, func(c *sim.Cluster, client *rpc.Client, _ []*fake) {
		_ = c.Crash("n1")
		if got := client.Do(write(false)); got.Type != history.Fail || got.Error != "connection-refused" {
			t.Errorf("%+v", got)
		}
		_ = c.Restart("n1")
		_ = c.PowerLoss("n1")
		if got := client.Do(write(false)); got.Type != history.Fail || got.Error != "timeout" {
			t.Errorf("%+v", got)
		}
	})
}

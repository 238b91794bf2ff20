package rpc_test

import (
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
)

// TestAskAll: each node is heard of once, those that answer first come first, and silence is an error.
func TestAskAll(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ways := map[string]func(*sim.Process) rpc.Response{"n1": silent, "n2": refuses, "n3": func(p *sim.Process) rpc.Response {
			p.Sleep(50 * time.Millisecond)
			return done(p)
		}}
		var asking *sim.Process
		c, err := sim.New(sim.Config{Dir: dir, Nodes: []string{"n1", "n2", "n3", "n4"}, Boot: func(p *sim.Process) (sim.Program, error) {
			if p.Node() == "n4" {
				asking = p
				return &fake{}, nil
			}
			return &fake{}, rpc.Serve(p, port, func(string, rpc.Request) rpc.Response { return ways[p.Node()](p) })
		}})
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		caller := rpc.NewCaller(asking.Host(), port)
		heard := rpc.AskAll(asking, []string{"n1", "n2", "n3"}, func(node string) (rpc.Response, error) {
			return caller.Call(node, rpc.NewRequest("read", 0, "", nil), 100*time.Millisecond)
		})
		for _, want := range []struct {
			node   string
			did    bool
			failed bool
		}{{"n2", false, false}, {"n3", true, false}, {"n1", false, true}} {
			if h := <-heard; h.Node != want.node || h.Did() != want.did || (h.Err != nil) != want.failed {
				t.Errorf("heard %+v, want %+v", h, want)
			}
		}
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
}

package rpc_test

import (
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// TestAloneItRests: a client that knows one node, which names itself, waits before it asks again.
func TestAloneItRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alone := rpc.Attempts{Nodes: []string{"n1"}, Timeouts: rpc.Timeouts{Attempt: time.Second, Backoff: 100 * time.Millisecond}}
		asked, target := 0, 0
		alone.Do(&target, time.Now().Add(time.Second), func(int, time.Duration) rpc.Reply {
			asked++
			return rpc.Reply{Outcome: cluster.Outcome{Type: history.Fail}, Leader: "n1", Final: asked > 100}
		})
		if asked != 10 {
			t.Errorf("asked %d times in a second, with a rest of 100ms", asked)
		}
	})
}

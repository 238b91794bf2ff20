package locks

import (
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/hashicorp/raft"

	"faultline"
	"faultline/cluster"
	"faultline/cluster/raftfsm"
	"faultline/cluster/sim"
	"faultline/history"
)

// forgetToken names the bug that can be planted.
const forgetToken = "forget-token"

func init() {
	faultline.Register(raftfsm.Machine{
		Name: "locks", Doc: "a lock service on hashicorp/raft", Nodes: 3,
		Ops: []string{"acquire", "release", "holder"},
		New: func(_ *sim.Process, bug string) raft.FSM {
			s := NewService()
			s.ForgetToken = bug == forgetToken
			return s
		},
		Command:   command,
		Outcome:   outcome,
		Reads:     []string{"holder"},
		Read:      read,
		Probe:     func(*rand.Rand) cluster.Op { return cluster.Op{F: "holder", Key: "probe"} },
		Canonical: true, // encoding/json sorts the keys of maps
		Tune:      often,
		Bugs: []cluster.Bug{{Name: forgetToken, Summary: "a snapshot leaves out the last token",
			Why: "Tokens begin anew after a restart, and a former holder's is as good as the new one's."}},
	}.Kind())
}

// command is an operation as an entry of the log.
func command(op cluster.Op) ([]byte, error) {
	owner, _ := op.Value.Int()
	return json.Marshal(Command{Op: op.F, Lock: op.Key, Owner: owner})
}

// outcome is what a client is told. A command that was refused has changed nothing, so it failed.
func outcome(applied any) cluster.Outcome {
	switch a := applied.(Answer); {
	case a.Err != nil:
		return cluster.Outcome{Type: history.Fail, Error: a.Err.Error()}
	case a.Number != 0:
		return cluster.Outcome{Type: history.OK, Value: history.IntValue(a.Number)}
	default:
		return cluster.Outcome{Type: history.OK}
	}
}

// read is a read on a node's own state. In all modes other than log it does not go by way of raft.
func read(fsm raft.FSM, op cluster.Op) cluster.Outcome {
	return outcome(Answer{Number: fsm.(*Service).Holder(op.Key)})
}

// often has snapshots taken all the time, so that a few seconds see many nodes start from one.
func often(c *raft.Config) {
	c.SnapshotInterval, c.SnapshotThreshold, c.TrailingLogs = 200*time.Millisecond, 16, 8
}

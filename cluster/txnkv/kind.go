package txnkv

import (
	"fmt"
	"math/rand/v2"

	"faultline/cluster"
	"faultline/cluster/course"
	"faultline/cluster/ops"
	"faultline/cluster/procedures"
	"faultline/cluster/raftnode"
	"faultline/history"
)

// Kind is the store as a kind of system, with isolation levels for modes.
func Kind() cluster.Kind {
	return cluster.Kind{
		Name: "txnkv", Doc: "a transactional key-value store on hashicorp/raft",
		Lectures:    []course.Lecture{course.ReplicaConsistency, course.Collaboration, course.Talks},
		Nodes:       5,
		Modes:       modes.Described(),
		ModeNoun:    "isolation level",
		Bugs:        bugs.Described(),
		Ops:         procedures.Ops(),
		Suffers:     raftnode.Suffers(),
		CrashPoints: raftnode.CrashPoints(),
		Errors:      append(raftnode.Errors(meanings), aborts...),
		Config:      func() cluster.Config { c := Config{}.WithDefaults(); return &c },
		Check:       check,
		Open:        open,
		Probe:       probe,
	}
}

// probe is a transaction on keys of its own.
func probe(draw *rand.Rand) cluster.Op {
	steps := []ops.Step{ops.ReadOf("\x00probe")}
	if draw != nil && draw.IntN(2) == 0 {
		key := fmt.Sprintf("\x00probe %d", draw.IntN(100))
		steps = []ops.Step{ops.ReadOf(key), ops.WriteTo(key, history.IntValue(draw.Int64N(100)))}
	}
	return cluster.Op{Object: ops.Transaction, F: ops.Txn, Value: ops.EncodeSteps(steps)}
}

// Package fakestore is a store for the tests of workloads: a state machine on hashicorp/raft that understands all operations of
// package ops, with bugs that their checkers have to find.
package fakestore

import (
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/hashicorp/raft"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/cluster/raftfsm"
	"faultline/cluster/sim"
	"faultline/history"
)

// Name is the name of the kind, and Mode the mode in which readings ask the node near the client.
const (
	Name = "fake-store"
	Mode = "stale"
)

// The bugs.
const (
	DropRecord  = "drop-record"  // now and then a record is acknowledged and not kept
	SendTwice   = "send-twice"   // now and then a record is appended twice
	SkipRecord  = "skip-record"  // consumers do not get every record
	LoseOnOne   = "lose-on-one"  // n3 does not have every record
	DropEvent   = "drop-event"   // watches do not get every event
	TearWrite   = "tear-write"   // a watch that is opened in the middle of a transaction gets half of it
	SameVersion = "same-version" // now and then a change makes no new revision
	ExpireEarly = "expire-early" // a lease has half of its TTL
	NeverExpire = "never-expire" // leases only end by being revoked
	KeepKey     = "keep-key"     // a revoke forgets the key
	HalfTxn     = "half-txn"     // now and then a transaction writes its first register only
	WrongState  = "wrong-state"  // n3 stores now and then another value, which no client reads
)

// Bugs names each bug with the workload that sees it.
func Bugs() []cluster.Bug {
	var all []cluster.Bug
	for _, b := range []struct{ name, workload string }{
		{DropRecord, "stream"}, {SendTwice, "stream"}, {SkipRecord, "stream"}, {LoseOnOne, "stream"},
		{DropEvent, "watch"}, {TearWrite, "watch"}, {SameVersion, "watch"},
		{ExpireEarly, "lease"}, {NeverExpire, "lease"}, {KeepKey, "lease"},
		{HalfTxn, "multi-register"}, {WrongState, "multi-register"},
	} {
		all = append(all, cluster.Bug{Name: b.name, Workload: b.workload, Mode: Mode})
	}
	return all
}

func init() {
	cluster.Register(raftfsm.Machine{
		Name: Name, Doc: "a store for the tests of workloads", Nodes: 3,
		Ops: []string{ops.Send, ops.Fetch, ops.Poll, ops.Put, ops.Remove, ops.Watch, ops.Grant, ops.Attach, ops.KeepAlive, ops.Revoke,
			ops.Read, "write", "cas", ops.Txn, ops.Digest, ops.Compact, ops.Defragment},
		New:     func(p *sim.Process, bug string) raft.FSM { return newStore(p.Node(), bug) },
		Command: encode,
		Outcome: func(answer any) cluster.Outcome { return answer.(cluster.Outcome) },
		Reads:   []string{ops.Fetch, ops.Poll, ops.Watch, ops.Digest},
		Read:    func(fsm raft.FSM, op cluster.Op) cluster.Outcome { return fsm.(*store).answer(op) },
		Probe:   func(*rand.Rand) cluster.Op { return cluster.Op{F: ops.Read, Key: "probe"} },
		Tune:    func(c *raft.Config) { c.SnapshotInterval, c.SnapshotThreshold = 500*time.Millisecond, 64 },
		Bugs:    Bugs(),
	}.Kind())
}

// command is an operation in the log. Its time is that of the client, by which leases expire.
type command struct {
	F     string          `json:"f"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value,omitempty"`
	Time  time.Time       `json:"time"`
}

func encode(op cluster.Op) ([]byte, error) {
	return json.Marshal(command{op.F, op.Key, op.Value.AppendJSON(nil), time.Now()})
}

func decode(b []byte) (cluster.Op, time.Time, error) {
	var c command
	if err := json.Unmarshal(b, &c); err != nil {
		return cluster.Op{}, time.Time{}, err
	}
	op := cluster.Op{F: c.F, Key: c.Key}
	var err error
	if len(c.Value) > 0 {
		op.Value, err = history.ParseValue(c.Value)
	}
	return op, c.Time, err
}

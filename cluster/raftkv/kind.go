package raftkv

import (
	"fmt"
	"strings"
	"time"

	"faultline/cluster"
	"faultline/cluster/course"
	"faultline/cluster/objects"
	"faultline/cluster/ops"
	"faultline/cluster/raftnode"
	"faultline/cluster/sim/kv"
)

// Kind is the store as a kind of system, with read levels for modes. Bugs are planted by whoever adds them: parts of the
// bug that an environment names take the place of those of each node.
func Kind(bugs []cluster.Bug, parts func(bug string) *Parts) cluster.Kind {
	return cluster.Kind{
		Name: "raftkv", Doc: "a key-value store on hashicorp/raft and bbolt",
		Lectures: []course.Lecture{course.Consensus, course.Calls, course.Failures, course.Replication, course.ReplicaConsistency, course.Talks},
		Nodes:    5,
		Modes:    modes(), DefaultMode: DefaultLevel, ModeNoun: "read level", ModeFlag: "read",
		Variants:    variants,
		Compared:    append(levelNames(), "stale+stay", "stale+roam", "readindex+nosync", "readindex+blind"),
		Ops:         append([]string{"read", "write", "cas", "delete", ops.Txn}, objects.Ops()...),
		Suffers:     raftnode.Suffers(),
		CrashPoints: raftnode.CrashPoints(),
		Bugs:        bugs,
		Errors:      raftnode.Errors(outcomes),
		Scenarios:   []cluster.Scenario{lateAnswers()},
		Config:      func() cluster.Config { return defaultConfig() },
		Open: func(env cluster.Env) (cluster.System, error) {
			c := *env.Config.(*Config)
			c.Seed, c.Dir, c.Nodes, c.Read, c.Trace = env.Seed, env.Dir, env.Nodes, env.Mode, env.Trace
			c.Parts = parts(env.Bug)
			return New(c)
		},
		Probe: kv.Probe,
	}
}

// defaultConfig is what a spec has unless it says otherwise. How long a lease lasts follows from raft's time-outs.
func defaultConfig() *Config {
	c := Config{}.WithDefaults()
	c.Lease = 0
	return &c
}

func modes() []cluster.Mode {
	var all []cluster.Mode
	for _, l := range levels {
		all = append(all, l.Mode)
	}
	return all
}

func levelNames() []string {
	var names []string
	for _, l := range levels {
		names = append(names, l.Name)
	}
	return names
}

var variants = []cluster.Variant{
	{Name: "stay", Doc: "clients stay at one node, for reads that any node may serve", Adds: []string{"monotonic-reads"},
		Apply: func(c cluster.Config) { c.(*Config).Client.Affinity = Stay }},
	{Name: "roam", Doc: "clients ask another node each time, for reads that any node may serve",
		Apply: func(c cluster.Config) { c.(*Config).Client.Affinity = Roam }},
	{Name: "nosync", Doc: "log entries are not synced before they are acknowledged", Voids: true,
		Apply: func(c cluster.Config) { c.(*Config).Raft.NoSync = true }},
	{Name: "blind", Doc: "clients send commands again without a session, so a command may be applied twice", Voids: true,
		Apply: func(c cluster.Config) { c.(*Config).Client.BlindRetries = true }},
}

// lateAnswers breaks the level verify, which drawn faults hardly ever do: see docs/raft.md#verify-late-answers. The way back to a
// leader that pipelines becomes slow step by step, so that answers keep coming; then nothing that it sends arrives any
// more, but what it had sent is answered for another second and a half: long enough for another leader to take writes.
func lateAnswers() cluster.Scenario {
	const steps, by, every = 15, 100 * time.Millisecond, 250 * time.Millisecond
	var text strings.Builder
	fmt.Fprintf(&text, "5s transfer n1\n")
	for i := range time.Duration(steps) {
		fmt.Fprintf(&text, "%v delay n2,n3 > n1 by %v\n", 7*time.Second+i*every, (i+1)*by)
	}
	fmt.Fprintf(&text, "11s oneway n1 > n2,n3\n11.3s end delay\n16s end oneway\n")
	return cluster.Scenario{
		Name:     "3 nodes that pipeline, 2 keys, 400 operations a second; faults: answers reach the leader late, then it is cut off in one direction",
		Schedule: text.String(), Nodes: 3, TimeLimit: 17 * time.Second,
		Keys: 2, Rate: 400, // so that what is read has been overwritten
		Apply: func(c cluster.Config) { c.(*Config).Raft.MaxRPCsInFlight = 32 },
	}
}

package world

import (
	"math"
	"strings"
	"testing"
	"time"

	"faultline/cluster/raftkv"
	"faultline/workloads"
)

// A spec that makes no sense is refused in the words of the command line, and with the word that was
// probably meant.
func TestValidate(t *testing.T) {
	tests := []struct {
		spoil func(*Spec)
		want  string // empty for a good spec
	}{
		{func(*Spec) {}, ""},
		{func(s *Spec) { s.Nemesis = nil }, ""},
		{func(s *Spec) { s.Clock = Real }, ""},
		{func(s *Spec) { s.Options.Keys, s.Options.HotKey = 1, 1 }, ""},
		{func(s *Spec) { s.TimeLimit = 99 * time.Millisecond }, "time limit 99ms: a test takes 100ms or more"},
		{func(s *Spec) { s.TimeLimit = -time.Second }, "time limit -1s: a test takes 100ms or more"},
		{func(s *Spec) { s.Rate = 0 }, "rate 0: give operations a second, more than 0 and at most a million"},
		{func(s *Spec) { s.Rate = 1e7 }, "rate 1e+07: give operations a second, more than 0 and at most a million"},
		{func(s *Spec) { s.Rate = math.NaN() }, "rate NaN: give operations a second, more than 0 and at most a million"},
		{func(s *Spec) { s.Concurrency = 0 }, "concurrency 0: give 1 to 1000 clients"},
		{func(s *Spec) { s.Concurrency = 1001 }, "concurrency 1001: give 1 to 1000 clients"},
		{func(s *Spec) { s.Options.Keys = -1 }, "keys -1: give 1 to a million"},
		{func(s *Spec) { s.Options.HotKey = 1.5 }, "hot key 1.5: give the share of operations that go to one key, from 0 to 1"},
		{func(s *Spec) { s.Options.HotKey = math.NaN() }, "hot key NaN: give the share of operations that go to one key, from 0 to 1"},
		{func(s *Spec) { s.Clock = "reel" }, `unknown clock "reel"; did you mean real?`},
		{func(s *Spec) { s.Clock = "" }, `unknown clock ""; there are virtual, real`},
		{func(s *Spec) { s.Workload = "registre" }, `unknown workload "registre"; did you mean register?`},
		{func(s *Spec) { s.Workload = "poetry" }, `unknown workload "poetry"; ` + "there are " + strings.Join(workloads.Names(), ", ")},
		{func(s *Spec) { s.Workload, s.Options.Staleness = "queue", time.Second }, "workload queue is judged by rules of its own: consistency models and staleness are for registers and transactions"},
		{func(s *Spec) { s.Workload, s.Options.Staleness = "bank", time.Second }, "workload bank is held to levels of isolation: staleness is for registers"},
		{func(s *Spec) { s.Workload, s.Options.ConsistencyModels = "bank", []string{"PL-SI", "serializable"} }, ""},
		{func(s *Spec) { s.Workload, s.Options.ConsistencyModels = "bank", []string{"serialisable"} }, `unknown level of isolation "serialisable"; did you mean serializable?`},
		{func(s *Spec) { s.Workload, s.Options.ConsistencyModels = "set", []string{"sequential"} },
			"workload set is judged by rules of its own: of the consistency models it has eventual, and staleness is for registers"},
		{func(s *Spec) { s.Workload, s.Options.ConsistencyModels = "set-full", []string{"eventual"} }, ""},
		{func(s *Spec) { s.Mode = "stael" }, `unknown read level "stael"; did you mean stale?`},
		{func(s *Spec) { s.Mode = "fresh" }, `unknown read level "fresh"; there are log, readindex, verify, lease, leader, session, bounded, stale`},
		{func(s *Spec) { s.Nodes = 100 }, "a cluster has 1 to 99 nodes, not 100"},
		{func(s *Spec) { s.Nodes = -1 }, "a cluster has 1 to 99 nodes, not -1"},
		{func(s *Spec) { s.Config.(*raftkv.Config).Raft.SnapshotInterval = -time.Second }, "snapshot interval -1s: give 5ms or more"},
		{func(s *Spec) { s.Config.(*raftkv.Config).Raft.LeaderLeaseTimeout = time.Hour }, "the leader lease time-out must not be longer than the heartbeat time-out"},
		{func(s *Spec) { s.Bug = "late-cas" }, ""},
		{func(s *Spec) { s.Bug = "late-csa" }, `unknown bug "late-csa"; did you mean late-cas?`},
		{func(s *Spec) { s.Nemesis = []string{"crsh"} }, `unknown family of faults "crsh"; did you mean crash?`},
		{func(s *Spec) { s.Nemesis = []string{"crash", "crash"} }, "the family of faults crash is named twice"},
	}
	for _, tt := range tests {
		s, _ := shortSpec(1).WithDefaults()
		tt.spoil(&s)
		got := ""
		if err := s.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

package txnkv

import (
	"errors"
	"sync/atomic"

	"faultline/cluster/report"
)

// counts are how transactions ended, on all nodes.
type counts struct {
	committed, aborted, deadlocks, timeouts, conflicts, dangers atomic.Int64
}

// count counts an abort by its reason.
func (c *counts) count(why error) {
	c.aborted.Add(1)
	switch {
	case errors.As(why, new(*deadlock)):
		c.deadlocks.Add(1)
	case errors.As(why, new(*lockTimeout)):
		c.timeouts.Add(1)
	case errors.Is(why, errWriteConflict):
		c.conflicts.Add(1)
	case errors.As(why, new(*danger)):
		c.dangers.Add(1)
	}
}

// Report returns what the machines and raft recorded, and how transactions ended.
func (s *system) Report() report.Report {
	r := s.Cluster.Report()
	r.InDoubt = s.doubts.all
	for _, n := range []struct {
		name  string
		value *atomic.Int64
	}{
		{"transactions committed", &s.committed}, {"transactions aborted", &s.aborted}, {"deadlocks", &s.deadlocks},
		{"lock time-outs", &s.timeouts}, {"write conflicts", &s.conflicts}, {"dangerous structures", &s.dangers},
	} {
		r.Counters = append(r.Counters, report.Counter{Name: n.name, Value: n.value.Load()})
	}
	r.Counters = append(r.Counters, report.Counter{Name: "transactions in doubt", Value: int64(len(r.InDoubt))})
	return r
}

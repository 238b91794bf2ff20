package sim

import (
	"faultline/cluster/report"
	"faultline/cluster/sim/trace"
)

// Report returns what the machines have recorded so far. A system adds its own counters, and violations of invariants that
// Process.Agree does not know.
func (c *Cluster) Report() report.Report {
	segments, bytes := c.network.Traffic()
	transitions, elections := c.track.all()
	r := report.Report{Groups: c.config.Groups, Track: transitions, Progress: c.progress.all(), Quorum: c.quorums(), Violations: c.ledger.violations(),
		Counters: []report.Counter{
			{Name: "elections", Value: elections},
			{Name: "restarts", Value: c.restarts},
			{Name: "messages", Value: segments},
			{Name: "bytes sent", Value: bytes},
		}}
	if lost, known := c.acks.count(); known {
		r.Counters = append(r.Counters, report.Counter{Name: "acknowledged writes lost", Value: lost})
	}
	for _, m := range c.machines {
		r.Logs = append(r.Logs, report.NodeLog{Node: m.name, Text: m.log.text()})
	}
	if c.config.Trace {
		writes, missed := c.network.Recorded()
		r.Messages = trace.Messages(writes, c.config.Protocols)
		r.Untraced = missed
	}
	return r
}

package raftkv

import (
	"slices"

	"faultline/cluster/report"
)

// Report returns counters, the track of roles and the nodes' logs, so far.
func (s *System) Report() report.Report {
	incarnations := slices.Clone(s.dead)
	for _, n := range s.nodes {
		if n.live != nil {
			incarnations = append(incarnations, n.live)
		}
	}
	var taken, installed, fromSnapshot int64
	for _, inc := range incarnations {
		restored, stored := inc.machine.counts()
		taken += int64(stored)
		installed += int64(restored - inc.restored)
		fromSnapshot += int64(inc.restored)
	}
	segments, bytes := s.network.Traffic()
	transitions, elections := s.track.all()
	r := report.Report{Track: transitions, Progress: s.progress.all(), Quorum: s.quorums(), Violations: s.ledger.violations(), Counters: []report.Counter{
		{Name: "elections", Value: elections},
		{Name: "snapshots taken", Value: taken},
		{Name: "snapshots installed", Value: installed},
		{Name: "restarts", Value: s.restarts},
		{Name: "restarts from a snapshot", Value: fromSnapshot},
		{Name: "messages", Value: segments},
		{Name: "bytes sent", Value: bytes},
	}}
	for _, n := range s.nodes {
		r.Logs = append(r.Logs, report.NodeLog{Node: n.name, Text: n.log.text()})
	}
	if s.config.Trace {
		writes, missed := s.network.Recorded()
		r.Messages = messages(writes)
		r.Untraced = missed
	}
	return r
}

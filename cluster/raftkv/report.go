package raftkv

import "faultline/cluster"

// Report returns counters, the track of roles and the nodes' logs.
func (s *System) Report() cluster.Report {
	var taken, installed, fromSnapshot int64
	for _, inc := range s.dead { // after Stop that is all of them
		restored, stored := inc.machine.counts()
		taken += int64(stored)
		installed += int64(restored - inc.restored)
		fromSnapshot += int64(inc.restored)
	}
	segments, bytes := s.network.Traffic()
	r := cluster.Report{Track: s.track.transitions, Counters: []cluster.Counter{
		{Name: "elections", Value: s.track.elections},
		{Name: "snapshots taken", Value: taken},
		{Name: "snapshots installed", Value: installed},
		{Name: "restarts", Value: s.restarts},
		{Name: "restarts from a snapshot", Value: fromSnapshot},
		{Name: "messages", Value: segments},
		{Name: "bytes sent", Value: bytes},
	}}
	for _, n := range s.nodes {
		r.Logs = append(r.Logs, cluster.NodeLog{Node: n.name, Text: n.log.text()})
	}
	return r
}

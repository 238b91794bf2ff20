package system

import (
	"time"

	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
)

// Measure computes the statistics of a run, with the times at which no node could reach a majority apart.
func Measure(in checker.Input) stats.Statistics {
	return stats.Measure(in.Events, in.Operations, withoutQuorum(in.Report.Quorum, in.Virtual))
}

// withoutQuorum is when no node could reach a majority, until the end.
func withoutQuorum(quorum []report.Quorum, end time.Duration) []stats.Span {
	var spans []stats.Span
	has, since := false, time.Duration(0)
	change := func(now bool, at time.Duration) {
		if !has && now {
			spans = append(spans, stats.Span{Begin: since, End: at})
		}
		has, since = now, at
	}
	for _, q := range quorum {
		change(q.Has, q.Time)
	}
	change(true, end)
	return spans
}

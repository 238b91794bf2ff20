package system

import (
	"time"

	"faultline/cluster/report"
	"faultline/history"
	"faultline/history/stats"
)

// NewMeter measures a run by its operations, with the times at which no node could reach a majority apart.
func NewMeter(of *history.Tape, report *report.Report, virtual time.Duration) *stats.Meter {
	return stats.NewMeter(of.Faults(), of.End(), withoutQuorum(report.Quorum, virtual))
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

package results

import (
	"faultline/checker"
	"faultline/cluster/report"
	"faultline/history/stats"
)

// Summary is what the page of a campaign shows.
type Summary struct {
	Title      string
	Spec       []Setting
	Planned    int // runs, finished or not
	Statistics stats.Statistics
	Counters   []report.Counter // sums
	Coverage   Coverage
	Speed      float64 // virtual seconds per second and core
	Runs       []Row
	Canary     string // what became of the bug that was planted in an additional run; empty if none was
	CanaryLost bool   // it was not found
}

// Setting is one line of a spec.
type Setting struct{ Name, Value string }

// Row is one finished run of a campaign.
type Row struct {
	Seed       uint64
	Validity   checker.Validity
	Reason     string
	Operations int
	Faults     int
	Digest     string
	Dir        string // the name of its directory in the campaign's, if it was kept
	Replay     string // the command that runs it again
	Cause      string // what in the system led to it, for those that are shown with a picture and where it is known
	Picture    string // of what is wrong, for those that are shown with one
}

package stats

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"faultline/history"
)

// Statistics are numbers about one run, or the sums of many.
type Statistics struct {
	Runs      int             `json:"runs"`
	Duration  time.Duration   `json:"duration_ns"` // in the time of the test
	Functions []FunctionStats `json:"functions"`   // by name
	Phases    []PhaseStats    `json:"phases"`      // healthy, faulty, no-quorum, recovering
	Faults    []FaultStats    `json:"faults"`      // by kind
}

// FunctionStats are about the operations of one function.
type FunctionStats struct {
	F       string  `json:"f"`
	OK      int     `json:"ok"`
	Fail    int     `json:"fail"`
	Info    int     `json:"info"`
	Refused int     `json:"refused,omitempty"` // of those that failed: answered, as a precondition did not hold or another transaction was in the way
	Latency Latency `json:"latency"`           // of those that are ok
	// Recovery is, for each time that some node could reach a majority again, how long it took until one was acknowledged.
	// It is not counted phase by phase.
	Recovery Latency `json:"recovery,omitzero"`
}

// PhaseStats are about the operations invoked in one phase. Fail counts what was turned away; a
// conditional operation whose precondition failed, or a transaction that another one was in the way of, was answered, and counts as Refused.
type PhaseStats struct {
	Phase    Phase         `json:"phase"`
	Duration time.Duration `json:"duration_ns"`
	Invoked  int           `json:"invoked"`
	OK       int           `json:"ok"`
	Refused  int           `json:"refused"`
	Fail     int           `json:"fail"`
	Info     int           `json:"info"`
	// Availability is the share of operations that were served, which is those that are OK or Refused.
	// It is 0 where nothing was invoked.
	Availability float64         `json:"availability"`
	Functions    []FunctionStats `json:"functions,omitempty"` // by name
}

// FaultStats count the faults of a kind that took effect.
type FaultStats struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Add makes s the statistics of the runs of both.
func (s *Statistics) Add(t Statistics) {
	s.Runs += t.Runs
	s.Duration += t.Duration
	addFunctions(&s.Functions, t.Functions)
	for _, p := range t.Phases {
		s.phase(p.Phase).add(p)
	}
	for _, f := range t.Faults {
		s.fault(f.Kind).Count += f.Count
	}
}

// Operations is the number of client operations.
func (s Statistics) Operations() int {
	n := 0
	for _, f := range s.Functions {
		n += f.OK + f.Fail + f.Info
	}
	return n
}

// FaultsInEffect is the number of faults that took effect.
func (s Statistics) FaultsInEffect() int {
	n := 0
	for _, f := range s.Faults {
		n += f.Count
	}
	return n
}

// Phase returns the statistics of one phase.
func (s Statistics) Phase(p Phase) PhaseStats {
	for _, stats := range s.Phases {
		if stats.Phase == p {
			return stats
		}
	}
	return PhaseStats{Phase: p}
}

// find tells where the statistics of f are, or belong.
func find(all []FunctionStats, f string) (int, bool) {
	return sort.Find(len(all), func(i int) int { return strings.Compare(f, all[i].F) })
}

// functionOf finds the statistics of f, or makes room for them in order.
func functionOf(all *[]FunctionStats, f string) *FunctionStats {
	i, found := find(*all, f)
	if !found {
		*all = slices.Insert(*all, i, FunctionStats{F: f})
	}
	return &(*all)[i]
}

func addFunctions(sum *[]FunctionStats, more []FunctionStats) {
	for _, f := range more {
		s := functionOf(sum, f.F)
		s.OK += f.OK
		s.Fail += f.Fail
		s.Info += f.Info
		s.Refused += f.Refused
		s.Latency.Add(f.Latency)
		s.Recovery.Add(f.Recovery)
	}
}

func summarizeAll(all []FunctionStats) {
	for i := range all {
		all[i].Latency.Summarize()
		all[i].Recovery.Summarize()
	}
}

func (s *Statistics) phase(p Phase) *PhaseStats {
	i, found := sort.Find(len(s.Phases), func(i int) int { return cmp.Compare(p, s.Phases[i].Phase) })
	if !found {
		s.Phases = slices.Insert(s.Phases, i, PhaseStats{Phase: p})
	}
	return &s.Phases[i]
}

func (s *Statistics) fault(kind string) *FaultStats {
	i, found := slices.BinarySearchFunc(s.Faults, kind, func(e FaultStats, kind string) int { return cmp.Compare(e.Kind, kind) })
	if !found {
		s.Faults = slices.Insert(s.Faults, i, FaultStats{Kind: kind})
	}
	return &s.Faults[i]
}

func (f *FunctionStats) count(op *history.Operation) {
	switch op.Outcome {
	case history.OK:
		f.OK++
		f.Latency.Record(op.Return - op.Invoke)
	case history.Fail:
		f.Fail++
		if op.Served() {
			f.Refused++
		}
	default:
		f.Info++
	}
}

func (p *PhaseStats) count(op *history.Operation) {
	p.Invoked++
	switch {
	case op.Outcome == history.OK:
		p.OK++
	case op.Outcome == history.Info:
		p.Info++
	case op.Served():
		p.Refused++
	default:
		p.Fail++
	}
}

func (p *PhaseStats) add(q PhaseStats) {
	p.Duration += q.Duration
	p.Invoked += q.Invoked
	p.OK += q.OK
	p.Refused += q.Refused
	p.Fail += q.Fail
	p.Info += q.Info
	addFunctions(&p.Functions, q.Functions)
	p.rate()
}

func (p *PhaseStats) rate() {
	if p.Invoked > 0 {
		p.Availability = float64(p.OK+p.Refused) / float64(p.Invoked)
	}
}

// Pack makes the statistics small in memory, see Latency.Pack.
func (s *Statistics) Pack() {
	pack(s.Functions)
	for i := range s.Phases {
		pack(s.Phases[i].Functions)
	}
}

func pack(all []FunctionStats) {
	for i := range all {
		all[i].Latency.Pack()
		all[i].Recovery.Pack()
	}
}

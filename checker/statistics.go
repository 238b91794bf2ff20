package checker

import (
	"cmp"
	"slices"
	"time"

	"faultline/history"
)

// Statistics are numbers about one run, or the sums of many.
type Statistics struct {
	Runs      int             `json:"runs"`
	Duration  time.Duration   `json:"duration_ns"` // in the time of the test
	Functions []FunctionStats `json:"functions"`   // by name
	Phases    []PhaseStats    `json:"phases"`      // healthy, faulty, recovering
	Faults    []FaultStats    `json:"faults"`      // by kind
}

// FunctionStats are about the operations of one function.
type FunctionStats struct {
	F       string  `json:"f"`
	OK      int     `json:"ok"`
	Fail    int     `json:"fail"`
	Info    int     `json:"info"`
	Latency Latency `json:"latency"` // of those that are ok
}

// PhaseStats are about the operations invoked in one phase. Fail counts what was turned away; a
// conditional operation whose precondition failed was answered, and counts as Refused.
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
	Availability float64 `json:"availability"`
}

// FaultStats count the faults of a kind that took effect.
type FaultStats struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Measure computes the statistics of a run from its events and their operations.
func Measure(events []history.Event, ops []history.Operation) Statistics {
	faults := history.Faults(events)
	s := Statistics{Runs: 1}
	for p := Healthy; p <= Recovering; p++ {
		s.phase(p)
	}
	if len(events) > 0 {
		s.Duration = events[len(events)-1].Time
	}
	spans := phases(faults, s.Duration)
	for _, span := range spans {
		s.phase(span.phase).Duration += span.end - span.begin
	}
	for i := range ops {
		s.function(ops[i].F).count(&ops[i])
		s.phase(phaseAt(spans, ops[i].Invoke)).count(&ops[i])
	}
	for i := range s.Functions {
		s.Functions[i].Latency.summarize()
	}
	for i := range s.Phases {
		s.Phases[i].rate()
	}
	for _, f := range faults {
		s.fault(f.Kind).Count++
	}
	return s
}

// Add makes s the statistics of the runs of both.
func (s *Statistics) Add(t Statistics) {
	s.Runs += t.Runs
	s.Duration += t.Duration
	for _, f := range t.Functions {
		sum := s.function(f.F)
		sum.OK += f.OK
		sum.Fail += f.Fail
		sum.Info += f.Info
		sum.Latency.add(f.Latency)
	}
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

// function finds the statistics of f, or makes room for them in order.
func (s *Statistics) function(f string) *FunctionStats {
	i, found := slices.BinarySearchFunc(s.Functions, f, func(e FunctionStats, f string) int { return cmp.Compare(e.F, f) })
	if !found {
		s.Functions = slices.Insert(s.Functions, i, FunctionStats{F: f})
	}
	return &s.Functions[i]
}

func (s *Statistics) phase(p Phase) *PhaseStats {
	i, found := slices.BinarySearchFunc(s.Phases, p, func(e PhaseStats, p Phase) int { return cmp.Compare(e.Phase, p) })
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
		f.Latency.record(op.Return - op.Invoke)
	case history.Fail:
		f.Fail++
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
	case op.Reason() == history.PreconditionFailed:
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
	p.rate()
}

func (p *PhaseStats) rate() {
	if p.Invoked > 0 {
		p.Availability = float64(p.OK+p.Refused) / float64(p.Invoked)
	}
}

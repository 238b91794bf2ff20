package stats

import (
	"cmp"
	"slices"
	"time"

	"faultline/history"
)

// Meter computes the statistics of a run from its operations, which come one by one, in any order.
type Meter struct {
	sum      Statistics
	spans    []span
	noQuorum []Span
	first    map[string][]time.Duration // function → when one was acknowledged first, of those after each end of noQuorum and before the next
}

// NewMeter returns a meter of a run that had these faults and took so long, during which no node could reach a majority as far as that is known: in
// spans in order and apart.
func NewMeter(faults []history.Fault, duration time.Duration, noQuorum []Span) *Meter {
	m := &Meter{sum: Statistics{Runs: 1, Duration: duration}, noQuorum: noQuorum, first: map[string][]time.Duration{}}
	for p := Healthy; p <= Recovering; p++ {
		m.sum.phase(p)
	}
	m.spans = overlay(phases(faults, duration), NoQuorum, noQuorum)
	for _, span := range m.spans {
		m.sum.phase(span.phase).Duration += span.end - span.begin
	}
	for _, f := range faults {
		m.sum.fault(f.Kind).Count++
	}
	return m
}

// Add takes an operation. One that nothing completed has the outcome Info.
func (m *Meter) Add(op *history.Operation) {
	in := m.sum.phase(phaseAt(m.spans, op.Invoke))
	in.count(op)
	functionOf(&in.Functions, op.F).count(op)
	functionOf(&m.sum.Functions, op.F).count(op)
	if op.Outcome == history.OK {
		m.acknowledged(op)
	}
}

// acknowledged notes an operation if it may be the first one since some node could reach a majority again.
func (m *Meter) acknowledged(op *history.Operation) {
	after, _ := slices.BinarySearchFunc(m.noQuorum, op.Return, func(s Span, t time.Duration) int { return cmp.Compare(s.End, t+1) })
	if after == 0 {
		return
	}
	first := m.first[op.F]
	if first == nil {
		first = make([]time.Duration, len(m.noQuorum))
		m.first[op.F] = first
	}
	if at := &first[after-1]; *at == 0 || op.Return < *at {
		*at = op.Return
	}
}

// Statistics are those of the operations so far. The meter must not be used any more.
func (m *Meter) Statistics() Statistics {
	for i := range m.sum.Functions {
		m.recovered(&m.sum.Functions[i])
	}
	summarizeAll(m.sum.Functions)
	for i := range m.sum.Phases {
		m.sum.Phases[i].rate()
		summarizeAll(m.sum.Phases[i].Functions)
	}
	return m.sum
}

// recovered notes how long it took until an operation of the function was acknowledged, for each time that some node could reach a majority again.
func (m *Meter) recovered(f *FunctionStats) {
	next := time.Duration(0)
	for i, at := range slices.Backward(m.first[f.F]) {
		if at > 0 {
			next = at
		}
		if next > 0 {
			f.Recovery.Record(max(next-m.noQuorum[i].End, 1))
		}
	}
}

// Measure computes the statistics of a run from its events and their operations, see NewMeter.
func Measure(events []history.Event, ops []history.Operation, noQuorum []Span) Statistics {
	duration := time.Duration(0)
	if len(events) > 0 {
		duration = events[len(events)-1].Time
	}
	m := NewMeter(history.Faults(events), duration, noQuorum)
	for i := range ops {
		m.Add(&ops[i])
	}
	return m.Statistics()
}

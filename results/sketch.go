package results

import (
	"iter"
	"math"
	"time"

	"faultline/history"
)

// sketch is what the plots of a run show. Of its operations it has numbers; to draw each they are played once more.
type sketch struct {
	operations iter.Seq2[*history.Operation, error] // to be drawn, one by one
	faults     []history.Fault
	end        time.Duration
	panels     []*panel
	low, high  float64 // the least and the most that an operation took, in seconds; low is more than high if none is known
}

// sketchOf is that of a run. A history that breaks the rules shows nothing, and is worth keeping all the same: its verdict says what is wrong.
func sketchOf(r *Run) *sketch {
	s, err := newSketch(r.History.Operations(), r.History.Faults(), r.Statistics.Duration)
	if err != nil {
		s, _ = newSketch(new(history.Tape).Operations(), r.History.Faults(), r.Statistics.Duration) // no operation breaks a rule
	}
	return s
}

// newSketch reads operations, which come in order of invocation.
func newSketch(operations iter.Seq2[*history.Operation, error], faults []history.Fault, end time.Duration) (*sketch, error) {
	s := &sketch{operations: operations, faults: faults, end: end}
	return s, s.read()
}

func (s *sketch) read() error {
	all, b := map[string]*panel{}, newBins(s.end)
	s.low, s.high = math.Inf(1), math.Inf(-1)
	for op, err := range s.operations {
		if err != nil {
			return err
		}
		p := all[op.F]
		if p == nil {
			p = newPanel(op.F, b)
			all[op.F] = p
		}
		p.add(op)
		if seconds, ok := latency(op); ok {
			s.low, s.high = min(s.low, seconds), max(s.high, seconds)
		}
	}
	s.panels = ratePanels(all, b)
	return nil
}

// decades are the powers of ten that the latencies lie between.
func (s *sketch) decades() (low, high float64) {
	if s.low > s.high {
		return 0.001, 1
	}
	low, high = math.Pow(10, math.Floor(math.Log10(s.low))), math.Pow(10, math.Ceil(math.Log10(s.high)))
	if low == high {
		high *= 10
	}
	return low, high
}

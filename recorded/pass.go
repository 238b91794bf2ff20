package recorded

import (
	"errors"
	"fmt"
	"io"
	"time"

	"faultline/checker/linear"
	"faultline/checker/opinion"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/history/stats"
)

// pass is a file being read once, from begin to end. No more of it is kept than the checker remembers.
type pass struct {
	*check
	plan
	source   *history.Source
	guesser  linear.Guesser
	told     time.Time
	finals   bool // operations are marked as final
	unjudged bool // there are operations that are on no object

	whole   *whole         // nil if linearizability is asked for
	sample  []step         // what was read before the model was known
	late    bool           // the sample was not enough to guess from, and is gone
	stream  *linear.Stream // nil until the model is known
	second  *opinion.Questions
	measure []history.Operation
	stats   stats.Statistics
}

// step is an event, and the operation that it completes, if any.
type step struct {
	event     history.Event
	operation *history.Operation
}

// How many events at the beginning of a file a model is guessed from, and how many operations are summed up at a time.
const (
	sampleSize  = 20_000
	measureSize = 1 << 15
)

// readAll hands everything on, and returns the operations that nothing completed.
func (p *pass) readAll() ([]history.Operation, error) {
	in := history.NewStream(p.source)
	for {
		e, op, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		p.result.Events++
		if e.Process != history.Nemesis && !ops.OnObject(e.F) {
			p.unjudged = true
			continue
		}
		if op != nil {
			p.guesser.Add(op)
			p.finals = p.finals || op.Final
		}
		if err := p.add(e, op); err != nil {
			return nil, err
		}
		p.tell()
	}
	pending := ops.OnObjects(in.Pending())
	for i := range pending {
		p.guesser.Add(&pending[i])
	}
	return pending, nil
}

func (p *pass) add(e *history.Event, op *history.Operation) error {
	switch {
	case p.whole != nil:
		p.whole.add(e, op)
		return nil
	case p.stream != nil:
		p.decide(e, op)
		return nil
	case p.model != nil:
		if err := p.begin(*p.model); err != nil {
			return err
		}
		p.decide(e, op)
		return nil
	case p.late:
		return nil
	default:
		return p.sampled(e, op)
	}
}

// sampled keeps an event for the guess, and makes it when there is enough. What no model can be guessed from yet is not kept any longer: at
// the end it is known what there is, and the file is read again.
func (p *pass) sampled(e *history.Event, op *history.Operation) error {
	s := step{event: *e}
	if op != nil {
		copied := *op
		s.operation = &copied
	}
	if p.sample = append(p.sample, s); len(p.sample) < sampleSize {
		return nil
	}
	model, _, err := p.guesser.Guess()
	if err != nil {
		p.late, p.sample = true, nil
		return nil
	}
	return p.begin(model)
}

// begin begins to decide, with the sample.
func (p *pass) begin(model linear.Model) error {
	if _, err := model.Beginning(p.options.Check.Initial); err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	p.model = &model
	p.stream = linear.NewStream(model, p.options.Check)
	p.second = opinion.NewQuestions(model.Name(), p.options.Check)
	for i := range p.sample {
		p.decide(&p.sample[i].event, p.sample[i].operation)
	}
	p.sample = nil
	return nil
}

func (p *pass) decide(e *history.Event, op *history.Operation) {
	e.F = p.model.Function(e.F)
	if op != nil {
		op.F = p.model.Function(op.F)
	}
	p.stream.Add(e, op)
	if op == nil {
		return
	}
	p.second.Add(op)
	if p.measure = append(p.measure, *op); len(p.measure) == measureSize {
		p.sum()
	}
}

// sum adds up what was measured. Only counts and latencies come of it: in which phase an operation fell,
// its faults would have to tell.
func (p *pass) sum() {
	p.stats.Add(stats.Measure(nil, p.measure, nil))
	p.measure = p.measure[:0]
}

// tell reports progress a few times a second.
func (p *pass) tell() {
	if p.options.Progress == nil || p.result.Events%4096 != 0 || time.Since(p.told) < 200*time.Millisecond {
		return
	}
	p.told = time.Now()
	p.options.Progress(Progress{File: p.result.File, Events: p.result.Events, Bytes: p.input.read, Size: p.input.size, Elapsed: time.Since(p.start),
		Remembered: p.remembered()})
}

// remembered counts the operations that are kept in memory.
func (p *pass) remembered() int {
	switch {
	case p.whole != nil:
		return len(p.whole.ops)
	case p.stream != nil:
		return p.stream.Remembered()
	default:
		return len(p.sample)
	}
}

package recorded

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"faultline/checker/catalog"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/history/stats"
)

// pass is a file being read once, from begin to end. No more of it is kept than the checker remembers.
type pass struct {
	*check
	plan
	source   *history.Source
	guesser  catalog.Guesser
	kept     *kept
	told     time.Time
	unjudged bool // there are operations that are on no object

	judge  judge  // nil until it is known what the file is checked against
	sample []step // what was read until then
	late   bool   // the sample was not enough to guess from, and is gone
	meter  *stats.Meter
}

// step is an event, and the operation that it completes, if any.
type step struct {
	event     history.Event
	operation *history.Operation
}

// sampleSize is how many events at the beginning of a file a model is guessed from.
const sampleSize = 20_000

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
		p.kept.add(e)
		if e.Process != history.Nemesis && !ops.OnObject(e.F) {
			p.unjudged = true
			continue
		}
		if op != nil {
			p.guesser.Add(op)
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
	if p.judge == nil && p.entry != nil {
		if err := p.begin(*p.entry); err != nil {
			return err
		}
	}
	switch {
	case p.judge != nil:
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
	if len(p.sample) == cap(p.sample) {
		p.sample = slices.Grow(p.sample, max(len(p.sample), 1)) // it mostly grows to its full size
	}
	if p.sample = append(p.sample, s); len(p.sample) < sampleSize {
		return nil
	}
	entry, _, err := p.guesser.Guess()
	if err != nil {
		p.late, p.sample = true, nil
		return nil
	}
	return p.begin(entry)
}

// begin begins to decide, with the sample.
func (p *pass) begin(e catalog.Entry) error {
	if err := e.Begin(p.options.Check.Initial); err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	settings, err := e.Settings(p.options.ModelOptions)
	if err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	models, err := e.ConsistencyModels(p.options.ConsistencyModels)
	if err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	p.entry, p.judge = &e, p.newJudge(e, settings, models)
	for i := range p.sample {
		p.decide(&p.sample[i].event, p.sample[i].operation)
	}
	p.sample = nil
	return nil
}

func (p *pass) decide(e *history.Event, op *history.Operation) {
	e.F = p.entry.Function(e.F)
	if op != nil {
		op.F = p.entry.Function(op.F)
	}
	p.judge.add(e, op)
	if op != nil {
		p.meter.Add(op)
	}
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

// remembered is how many bytes the operations take that are kept in memory. A sample is too short to count.
func (p *pass) remembered() int64 {
	if p.judge == nil {
		return 0
	}
	return p.judge.remembered()
}

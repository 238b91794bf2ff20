package recorded

import (
	"errors"
	"fmt"
	"io"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
	"faultline/history/stats"
)

// check is one file being checked. It is read once, from begin to end, and no more of it is kept than the
// checker remembers.
type check struct {
	options Options
	result  *Result
	source  *history.Source
	read    *counter
	size    int64
	start   time.Time
	told    time.Time

	whole   *whole         // nil if linearizability is asked for
	sample  []step         // what was read before the model was known
	stream  *linear.Stream // nil until then
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

func (c *check) run() error {
	if len(c.options.ConsistencyModels) > 0 {
		c.whole = &whole{}
	}
	pending, err := c.readAll()
	if err != nil {
		return err
	}
	if c.whole != nil {
		return c.consistency(pending)
	}
	if c.stream == nil {
		if err := c.begin(pending); err != nil {
			return err
		}
	}
	part := c.stream.Finish(pending)
	if part.Operations == 0 {
		part.Validity, part.Reason = checker.Unknown, "there is no operation to check"
	}
	c.measure = append(c.measure, pending...)
	c.sum()
	r := c.result
	r.Format, r.Tuples, r.Verdict = c.source.Format().String(), c.source.Tuples(), checker.Conclude(part)
	r.Functions, r.Timed = c.stats.Functions, c.source.Timed()
	return nil
}

// readAll hands everything to the stream, and returns the operations that nothing completed.
func (c *check) readAll() ([]history.Operation, error) {
	in := history.NewStream(c.source)
	for {
		e, op, err := in.Next()
		if errors.Is(err, io.EOF) {
			return in.Pending(), nil
		}
		if err != nil {
			return nil, err
		}
		c.result.Events++
		if c.whole != nil {
			c.whole.add(e, op)
		} else if c.stream != nil {
			c.add(e, op)
		} else if err := c.sampled(e, op); err != nil {
			return nil, err
		}
		c.tell()
	}
}

func (c *check) add(e *history.Event, op *history.Operation) {
	c.stream.Add(e, op)
	if op == nil {
		return
	}
	if c.measure = append(c.measure, *op); len(c.measure) == measureSize {
		c.sum()
	}
}

// sum adds up what was measured. Only counts and latencies come of it: in which phase an operation fell,
// its faults would have to tell.
func (c *check) sum() {
	c.stats.Add(stats.Measure(nil, c.measure, nil))
	c.measure = c.measure[:0]
}

// sampled keeps an event for the guess, and makes it when there is enough.
func (c *check) sampled(e *history.Event, op *history.Operation) error {
	s := step{event: *e}
	if op != nil {
		copied := *op
		s.operation = &copied
	}
	c.sample = append(c.sample, s)
	if len(c.sample) < sampleSize && c.options.Model == "" {
		return nil
	}
	return c.begin(nil)
}

// begin settles the model and hands over the sample. Operations that were never completed may be all that
// there is to guess from.
func (c *check) begin(pending []history.Operation) error {
	model, err := c.model(pending)
	if err != nil {
		return err
	}
	c.result.Model = model.Name()
	c.stream = linear.NewStream(model, c.options.Check)
	for i := range c.sample {
		c.add(&c.sample[i].event, c.sample[i].operation)
	}
	c.sample = nil
	return nil
}

func (c *check) model(pending []history.Operation) (linear.Model, error) {
	if c.options.Model != "" {
		return linear.ModelByName(c.options.Model)
	}
	ops := pending
	for _, s := range c.sample {
		if s.operation != nil {
			ops = append(ops, *s.operation)
		}
	}
	m, why, err := linear.Guess(ops)
	if err != nil {
		return m, fmt.Errorf("%s: %w", c.result.File, err)
	}
	c.result.Guessed = why
	return m, nil
}

// tell reports progress a few times a second.
func (c *check) tell() {
	if c.options.Progress == nil || c.result.Events%4096 != 0 || time.Since(c.told) < 200*time.Millisecond {
		return
	}
	c.told = time.Now()
	c.options.Progress(Progress{File: c.result.File, Events: c.result.Events, Bytes: c.read.n, Size: c.size, Elapsed: time.Since(c.start)})
}

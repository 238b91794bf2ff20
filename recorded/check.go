package recorded

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/checker/catalog"
	"faultline/history"
	"faultline/history/stats"
)

// check is one file being checked. It is read once, unless it turns out on the way that it has to be read otherwise.
type check struct {
	options Options
	input   *input
	result  *Result
	start   time.Time
}

// plan is how a file is read.
type plan struct {
	entry *catalog.Entry // what it is checked against; nil while that is not known
	order history.Order
}

func (c *check) run() error {
	how := plan{order: c.options.Order}
	if c.options.Model != "" {
		e, err := catalog.ByName(c.options.Model)
		if err != nil {
			return err
		}
		how.entry = &e
	}
	for {
		again, err := c.read(how)
		if err != nil || again == nil {
			return err
		}
		how = *again
	}
}

// read reads the file once. If it has to be read otherwise, it tells how.
func (c *check) read(how plan) (again *plan, err error) {
	p, err := c.open(how)
	if err == nil {
		again, err = p.run()
	}
	var disorder *history.OrderError
	if errors.As(err, &disorder) && how.order == history.OrderGuessed {
		return &plan{how.entry, disorder.Again}, nil
	}
	return again, err
}

// open begins to read the file from its first byte.
func (c *check) open(how plan) (*pass, error) {
	r, err := c.input.begin()
	if err != nil {
		return nil, err
	}
	options := []history.Option{history.WithOrder(how.order)}
	if t := c.options.Tuples; t == TuplesAlways || t == TuplesNever {
		options = append(options, history.WithTuples(t == TuplesAlways))
	}
	source, err := history.Open(r, c.input.name, options...)
	if err != nil {
		return nil, err
	}
	c.result.Events = 0
	p := &pass{check: c, plan: how, source: source, meter: stats.NewMeter(nil, 0, nil)} // in which phase an operation was, its faults would have to tell
	if c.options.Keep {
		p.kept = new(kept)
	}
	return p, nil
}

// run reads the file and decides. If what it is checked against was guessed from its beginning, and that of the whole file is something else,
// the file has to be read again.
func (p *pass) run() (again *plan, err error) {
	pending, err := p.readAll()
	if err != nil {
		return nil, err
	}
	entry, err := p.settle()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.result.File, err)
	}
	if p.late || p.entry != nil && p.entry.Name != entry.Name {
		return &plan{&entry, p.order}, nil
	}
	if p.judge == nil {
		if err := p.begin(entry); err != nil {
			return nil, err
		}
	}
	for i := range pending {
		pending[i].F = entry.Function(pending[i].F)
	}
	for i := range pending {
		p.meter.Add(&pending[i])
	}
	return nil, p.conclude(p.judge.finish(p.input.ctx, pending))
}

// settle is what the operations of the whole file are judged by.
func (p *pass) settle() (e catalog.Entry, err error) {
	if p.options.Model == "" {
		e, p.result.Guessed, err = p.guesser.Guess()
	} else if e, err = catalog.ByName(p.options.Model); err == nil {
		err = cmp.Or(e.Begin(p.options.Check.Initial), p.guesser.Fits(e, p.options.Check.Initial))
	}
	if err == nil {
		_, err = e.ConsistencyModels(p.options.ConsistencyModels)
	}
	return e, err
}

// conclude makes the result of an answer.
func (p *pass) conclude(part checker.Part) (err error) {
	if err := p.input.ctx.Err(); err != nil && part.Validity == checker.Unknown {
		return err
	}
	switch {
	case part.Operations == 0 && (part.Validity == checker.Valid || part.Reason == ""):
		part.Validity, part.Reason = checker.Unknown, "there is no operation to check"
	case p.guesser.Observed() == 0 && part.Validity == checker.Valid:
		part.Validity, part.Reason = checker.Unknown, "no operation is ok, so the history says nothing"
	case part.Validity == checker.Valid:
		if silent := p.guesser.NeverSucceeded(); silent != "" {
			part.Validity, part.Reason = checker.Unknown, silent+", so the history says little: "+part.Reason
		}
	}
	if err := p.named(); err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	if p.unjudged {
		p.result.Warnings = append(p.result.Warnings, "what was asked of nodes as such is not judged, such as digests of their states; judge does that for a run that is stored")
	}
	r := p.result
	r.Model, r.Warnings = p.entry.Name, slices.Concat(p.source.Warnings(), r.Warnings, p.guesser.Warnings(*p.entry))
	r.Judged, r.Unjudged = p.entry.Judged, p.entry.Unjudged
	if j, ok := p.judge.(*consistencyJudge); ok {
		r.Consistency, r.Judged, r.Unjudged = j.results, "", ""
	}
	r.Format, r.Tuples, r.Verdict = p.source.Format().String(), p.source.Tuples(), checker.Conclude(part)
	r.Functions, r.Timed = p.meter.Statistics().Functions, p.source.Timed()
	if r.History, err = p.kept.finished(p.entry, r.Timed); err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	return nil
}

// named looks for the keys that initial values are given for.
func (p *pass) named() error {
	initial := p.options.Check.Initial
	if !initial.Named() || p.entry.Linear == nil || !p.entry.Linear().Keyed() {
		return nil
	}
	keys := map[string]bool{}
	for _, key := range p.judge.keys() {
		keys[strings.TrimPrefix(key, ":")] = true
	}
	unknown := slices.DeleteFunc(initial.Names(), func(name string) bool { return keys[name] })
	switch {
	case len(keys) == 1 && keys[""]:
		return fmt.Errorf("the initial value %v is a map from keys to values, and this history has no keys", initial)
	case len(unknown) == len(initial.Names()):
		return fmt.Errorf("the initial value %v is for other keys than there are; there are %s", initial, some(keys))
	case len(unknown) > 0:
		p.result.Warnings = append(p.result.Warnings, "there is an initial value for "+strings.Join(unknown, ", ")+", and no operation on it")
	}
	return nil
}

// some names a few keys.
func some(keys map[string]bool) string {
	const few = 8
	var names []string
	for key := range keys {
		names = append(names, key)
	}
	slices.Sort(names)
	if len(names) > few {
		names = append(names[:few], "…")
	}
	return strings.Join(names, ", ")
}

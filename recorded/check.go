package recorded

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
)

// check is one file being checked. It is read once or, if it turns out at its end that it was read as something else than it is, twice.
type check struct {
	options Options
	input   *input
	result  *Result
	start   time.Time
}

func (c *check) run() error {
	var model *linear.Model
	if c.options.Model != "" {
		m, err := linear.ModelByName(c.options.Model)
		if err != nil {
			return err
		}
		model = &m
	}
	for {
		p, err := c.open(model)
		if err != nil {
			return err
		}
		again, err := p.run()
		if again == nil || err != nil {
			return err
		}
		model = again
	}
}

// open begins to read the file from its first byte.
func (c *check) open(model *linear.Model) (*pass, error) {
	r, err := c.input.begin()
	if err != nil {
		return nil, err
	}
	var options []history.Option
	if t := c.options.Tuples; t == TuplesAlways || t == TuplesNever {
		options = append(options, history.WithTuples(t == TuplesAlways))
	}
	source, err := history.Open(r, c.input.name, options...)
	if err != nil {
		return nil, err
	}
	c.result.Events = 0
	p := &pass{check: c, model: model, source: source}
	if len(c.options.ConsistencyModels) > 0 {
		p.whole = &whole{}
	}
	return p, nil
}

// run reads the file and decides. If that was another model than that of the whole file, it returns the one to read the file again with.
func (p *pass) run() (again *linear.Model, err error) {
	pending, err := p.readAll()
	if err != nil {
		return nil, err
	}
	model, err := p.settle()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.result.File, err)
	}
	if p.whole != nil {
		return nil, p.consistency(model, pending)
	}
	if p.late || p.stream != nil && p.model.Name() != model.Name() {
		return &model, nil
	}
	if p.stream == nil {
		if err := p.begin(model); err != nil {
			return nil, err
		}
	}
	for i := range pending {
		pending[i].F = model.Function(pending[i].F)
	}
	p.measure = append(p.measure, pending...)
	p.sum()
	return nil, p.conclude(p.stream.Finish(pending))
}

// settle is the model by which the operations of the whole file are judged.
func (p *pass) settle() (linear.Model, error) {
	if p.options.Model == "" {
		model, why, err := p.guesser.Guess()
		p.result.Guessed = why
		return model, err
	}
	model, err := linear.ModelByName(p.options.Model)
	if err == nil {
		model, err = model.Beginning(p.options.Check.Initial)
	}
	if err == nil {
		err = p.guesser.Fits(model)
	}
	return model, err
}

// conclude makes the result of an answer.
func (p *pass) conclude(part checker.Part) error {
	if err := p.input.ctx.Err(); err != nil && part.Validity == checker.Unknown {
		return err
	}
	switch {
	case part.Operations == 0:
		part.Validity, part.Reason = checker.Unknown, "there is no operation to check"
	case p.guesser.OK() == 0 && part.Validity == checker.Valid:
		part.Validity, part.Reason = checker.Unknown, "no operation is ok, so the history says nothing"
	}
	if err := p.named(); err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	r := p.result
	r.Model, r.Warnings = p.model.Name(), append(r.Warnings, p.guesser.Warnings(*p.model)...)
	r.Format, r.Tuples, r.Verdict = p.source.Format().String(), p.source.Tuples(), checker.Conclude(part)
	r.Functions, r.Timed = p.stats.Functions, p.source.Timed()
	return nil
}

// named looks for the keys that initial values are given for.
func (p *pass) named() error {
	initial := p.options.Check.Initial
	if !initial.Named() || !p.model.Keyed() {
		return nil
	}
	keys := map[string]bool{}
	for _, key := range p.keys() {
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

// keys are those of the history.
func (p *pass) keys() []string {
	if p.stream != nil {
		return p.stream.Keys()
	}
	var keys []string
	for i := range p.whole.ops {
		keys = append(keys, p.whole.ops[i].Key)
	}
	return keys
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

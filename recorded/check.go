package recorded

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/checker/opinion"
	"faultline/history"
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
	model *linear.Model // nil while it is not known
	order history.Order
}

func (c *check) run() error {
	how := plan{order: c.options.Order}
	if c.options.Model != "" {
		m, err := linear.ModelByName(c.options.Model)
		if err != nil {
			return err
		}
		how.model = &m
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
		return &plan{how.model, disorder.Again}, nil
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
	p := &pass{check: c, plan: how, source: source}
	if len(c.options.ConsistencyModels) > 0 {
		p.whole = &whole{}
	}
	return p, nil
}

// run reads the file and decides. If the model was guessed from its beginning, and that of the whole file is another one, the file has to be
// read again.
func (p *pass) run() (again *plan, err error) {
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
		return &plan{&model, p.order}, nil
	}
	if p.stream == nil {
		if err := p.begin(model); err != nil {
			return nil, err
		}
	}
	for i := range pending {
		pending[i].F = model.Function(pending[i].F)
		p.second.Add(&pending[i])
	}
	p.measure = append(p.measure, pending...)
	p.sum()
	part := p.stream.Finish(pending)
	part.Opinion = p.second.Ask(p.input.ctx, part, opinion.Share(p.options.Check, p.stream.Left()))
	return nil, p.conclude(part)
}

// settle is the model by which the operations of the whole file are judged.
func (p *pass) settle() (linear.Model, error) {
	if p.options.Model == "" {
		model, why, err := p.guesser.Guess()
		if err == nil && model.Name() == linear.Counter().Name() && p.finals {
			err = errors.New("the operations look like those of a counter that is judged by its last reads only, which are marked with :final? " +
				"(Maelstrom's g-counter and pn-counter); there is no such model, and the model counter judges each read")
		}
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
	case p.guesser.Observed() == 0 && part.Validity == checker.Valid:
		part.Validity, part.Reason = checker.Unknown, "no operation is ok, so the history says nothing"
	}
	if err := p.named(); err != nil {
		return fmt.Errorf("%s: %w", p.result.File, err)
	}
	if p.unjudged {
		p.result.Warnings = append(p.result.Warnings, "what was asked of nodes as such is not judged, such as digests of their states; judge does that for a run that is stored")
	}
	r := p.result
	r.Model, r.Warnings = p.model.Name(), slices.Concat(p.source.Warnings(), r.Warnings, p.guesser.Warnings(*p.model))
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

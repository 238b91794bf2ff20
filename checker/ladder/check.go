package ladder

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// The stages that package linear does not have.
const (
	stageClaimed  = "witness"       // the system's own order, verified
	stagePatterns = "bad patterns"  // Bouajjani and others
	stageVersions = "version order" // the session guarantees
	stageForced   = "forced order"  // its cycle, or a search within it
	stageReads    = "settled reads" // eventual
	stageBound    = "earlier reads" // bounded staleness
)

// check decides models over one history, each once.
type check struct {
	*reading
	options Options
	clock   *clock
	// explaining is the bound of explanations; nil before the first.
	explaining *clock
	begun      *check // of the same history, with what its reads from thin air saw at first; nil before it is needed
	results    map[string]*Result
	answers    map[string]answer

	thin      *breach
	explained *bool // whether the order that the system proposes is a sequential one
	causes    *causality
	noCauses  *breach // why there is no causal order
	caused    bool    // whether that was found out
}

func newCheck(ops []history.Operation, o Options) *check {
	c := &check{options: o, clock: timebound.New(o.Timeout).Until(o.Done), results: map[string]*Result{}, answers: map[string]answer{}}
	if !c.clock.Within(func() { c.read(ops) }) {
		c.reading = &reading{all: ops, bound: c.clock, bad: errors.New("there was no time to read the operations")}
	}
	return c
}

// read makes sense of the operations.
func (c *check) read(ops []history.Operation) {
	c.reading = read(byInvocation(ops, c.clock), c.options.Initial, c.clock)
	if c.bad == nil {
		c.thin = c.readFromThinAir()
	}
}

// answer is what an algorithm came to.
type answer struct {
	validity checker.Validity
	breach   *breach // of an invalid history
	stage    string
	reason   string // of an unknown one
}

func (c *check) decide(model string) Result {
	if r := c.results[model]; r != nil {
		return *r
	}
	if r, ok := c.implied(model); ok {
		c.results[model] = &r
		return r
	}
	r := c.direct(model)
	if m, err := ModelByName(model); err == nil && r.Validity == checker.Unknown && c.bad == nil {
		c.results[model] = &r // for those that are asked now and would ask back
		r = c.byOthers(m, r)
	}
	r.Model = model
	if r.Violation != nil { // which may be that of another model
		w := *r.Violation
		if w.Initial != "" && w.Rule != model {
			w.Initial = c.initialHint(model)
		}
		w.Rule = model
		r.Violation = &w
	}
	c.results[model] = &r
	return r
}

// implied answers what follows from a stronger model that is kept. Bounded staleness also says how fresh reads were.
func (c *check) implied(model string) (Result, bool) {
	for _, m := range models {
		if s := c.results[m.Name]; model != BoundedStaleness && s != nil && s.Validity == checker.Valid && slices.Contains(m.Weaker(), model) {
			return Result{Model: model, Validity: checker.Valid, Stage: m.Name, Reason: s.Reason}, true
		}
	}
	return Result{}, false
}

// byOthers decides what was left unknown if a model that it implies is broken, or one is kept that implies it and that
// package linear decides, where values may repeat.
func (c *check) byOthers(m Model, unknown Result) Result {
	for _, weaker := range m.Weaker() {
		if r := c.decide(weaker); r.Validity == checker.Invalid {
			return Result{Validity: checker.Invalid, Stage: weaker, Reason: r.Reason, Violation: r.Violation}
		}
	}
	for _, stronger := range models {
		if stronger.Name != Linearizable && stronger.Name != BoundedStaleness || !slices.Contains(stronger.Weaker(), m.Name) {
			continue
		}
		if r := c.decide(stronger.Name); r.Validity == checker.Valid {
			return Result{Validity: checker.Valid, Stage: stronger.Name, Reason: r.Reason, Freshest: unknown.Freshest}
		}
	}
	return unknown
}

func (c *check) direct(model string) Result {
	switch model {
	case Linearizable:
		return c.linearizable()
	case BoundedStaleness:
		return c.boundedStaleness()
	case Eventual:
		return c.eventual()
	}
	decide := deciderOf(model)
	if decide == nil {
		_, err := ModelByName(model)
		return Result{Reason: fmt.Sprint(err)}
	}
	r := c.conclude(decide, c.answer(model))
	if r.Violation != nil && r.Violation.Anomaly == ruleThinAir {
		r.Violation.Initial = c.initialHint(model)
	}
	return r
}

// answer asks once.
func (c *check) answer(model string) answer {
	a, ok := c.answers[model]
	if !ok {
		a = c.ask(deciderOf(model))
		c.answers[model] = a
	}
	return a
}

// ask has a model decided, within the bounds.
func (c *check) ask(decide decider) (a answer) {
	switch {
	case c.bad != nil:
		return answer{reason: c.bad.Error()}
	case c.thin != nil:
		return answer{validity: checker.Invalid, breach: c.thin, stage: stagePatterns}
	}
	if c.clock.Left() < 0 || !c.clock.Within(func() { a = decide(c) }) {
		a = answer{reason: "it met its bound on time"}
	}
	return a
}

// conclude puts an answer into words. What was left out because it is not clear what it says can be what makes the history
// invalid.
func (c *check) conclude(decide decider, a answer) Result {
	switch {
	case a.validity == checker.Invalid:
		r := Result{Validity: checker.Invalid, Stage: a.stage}
		if r.Violation = c.explain(decide, a.breach); r.Violation == nil {
			r.Reason = a.breach.rule + ", and there was no time to show it"
			return r
		}
		r.Reason = r.Violation.Sentence
		return r
	case a.validity == checker.Valid && len(c.gaps) > 0:
		return Result{Stage: a.stage, Reason: "nothing breaks it without " + strings.Join(c.gaps, " and ") + ", which had to be left out"}
	case a.validity == checker.Valid:
		return Result{Validity: checker.Valid, Stage: a.stage,
			Reason: fmt.Sprintf("nothing breaks it in %s of %s", wording.Count(len(c.ops), "operation"), wording.Count(len(c.sessions), "session"))}
	default:
		return Result{Stage: a.stage, Reason: a.reason}
	}
}

// decider decides a model over a history without reads from thin air.
type decider func(*check) answer

// deciderOf is that of a model; nil for those that package linear decides, and for what is no model.
func deciderOf(model string) decider {
	switch model {
	case Sequential:
		return (*check).sequential
	case ConsistentPrefix:
		return (*check).consistentPrefix
	case CausalMemory:
		return (*check).causalMemory
	case CausalConvergence:
		return (*check).causalConvergence
	case Causal:
		return (*check).causal
	case PRAM:
		return (*check).pipelined
	case WritesFollowReads:
		return func(c *check) answer { return found(c.writesFollowReads(), stageVersions) }
	case MonotonicReads:
		return func(c *check) answer { return found(c.monotonicReads(), stageVersions) }
	case ReadYourWrites:
		return func(c *check) answer { return found(c.readYourWrites(), stageVersions) }
	case MonotonicWrites:
		return func(*check) answer { return found(nil, stageVersions) }
	default:
		return nil
	}
}

// found is the answer of an algorithm that looks for a breach and finds one if there is one.
func found(b *breach, stage string) answer {
	if b != nil {
		return answer{validity: checker.Invalid, breach: b, stage: stage}
	}
	return answer{validity: checker.Valid, stage: stage}
}

// unlessExplained decides a model that is weaker than sequential: the order that the system proposes may show it.
func (c *check) unlessExplained(decide func() answer) answer {
	if c.explained == nil {
		yes := c.explains(c.proposal())
		c.explained = &yes
	}
	if *c.explained {
		return answer{validity: checker.Valid, stage: stageClaimed}
	}
	return decide()
}

// byCauses decides a model that rests on causal order.
func (c *check) byCauses(decide func(*causality) *breach) answer {
	return c.unlessExplained(func() answer {
		if size := c.clocksSize(); size > c.options.Memory {
			return answer{stage: stagePatterns, reason: fmt.Sprintf("its vector clocks would take %d MiB", size>>20)}
		}
		if !c.caused {
			c.causes, c.noCauses = newCausality(c.reading, c.clock)
			c.caused = true
		}
		if c.noCauses != nil {
			return found(c.noCauses, stagePatterns)
		}
		return found(decide(c.causes), stagePatterns)
	})
}

func (c *check) pipelined() answer {
	return c.unlessExplained(func() answer { return found(c.pram(c.clock), stagePatterns) })
}

func (c *check) causal() answer {
	return c.byCauses(func(k *causality) *breach { return k.causal(c.clock) })
}

func (c *check) causalConvergence() answer {
	return c.byCauses(func(k *causality) *breach { return k.convergence(c.clock) })
}

func (c *check) causalMemory() answer {
	return c.byCauses(func(k *causality) *breach { return k.causalMemory(c.clock) })
}

// sequential asks for the proposed order, then for what is weaker and fast to decide, then for the forced order.
func (c *check) sequential() answer {
	return c.unlessExplained(func() answer {
		for _, weaker := range [...]string{CausalConvergence, CausalMemory} {
			if a := c.answer(weaker); a.validity == checker.Invalid {
				return a
			}
		}
		return ordered(c.reading, c.proposal(), c.options.Memory, c.clock)
	})
}

// consistentPrefix asks for one order of all writes that keeps each session's and in which each cas finds what it found. Each
// read by itself then sees what a beginning of that order had made: the one that ends with the write that it saw. So reads of one
// key have nothing more to say; what reads show together is not asked for. Terry 2013 (Replicated Data Consistency
// Explained Through Baseball).
func (c *check) consistentPrefix() answer {
	return c.unlessExplained(func() answer {
		keep := make([]bool, len(c.ops))
		for i := range c.ops {
			keep[i] = c.ops[i].writes
		}
		writes := c.only(keep)
		proposed := c.proposalOf(keep) // by what reads tell of writes that ended in info, too
		if writes.explains(proposed) {
			return answer{validity: checker.Valid, stage: stageClaimed}
		}
		a := ordered(writes, proposed, c.options.Memory, c.clock)
		if a.breach != nil {
			a.breach.renumber(writes, c.reading)
		}
		return a
	})
}

// ordered decides whether there is a sequential order: by one search that follows the proposed order and hardly ever turns
// back, which finds an order of nearly all histories that have one, then by the forced order and a search within that.
func ordered(r *reading, proposed []int32, memory int64, c *clock) answer {
	f := newForced(r, c)
	if validity, order := newSearch(f, proposed, 2*len(r.ops), memory).decide(); validity == checker.Valid && r.explains(order) {
		return answer{validity: checker.Valid, stage: stageForced}
	}
	if size := 4 * int64(len(r.ops)) * int64(len(r.sessions)); size > memory {
		return answer{stage: stageForced, reason: fmt.Sprintf("its vector clocks would take %d MiB", size>>20)}
	}
	if b := f.saturate(); b != nil {
		return found(b, stageForced)
	}
	steps := stepsLeast + stepsEach*len(r.ops)
	switch validity, order := newSearch(f, proposed, steps, memory).decide(); {
	case validity == checker.Valid && r.explains(order):
		return answer{validity: checker.Valid, stage: stageForced}
	case validity == checker.Invalid:
		return found((&breach{rule: ruleNoOrder}).restsOn(r, r.everything()), stageForced)
	default:
		return answer{stage: stageForced, reason: "the search for an order gave up after " + wording.Count(steps, "step")}
	}
}

const ruleNoOrder = "NoOrder" // no cycle shows it, but every order was tried

func (c *check) linearizable() Result {
	part := linear.Linearizable(linear.CASRegister(), c.all, c.bounds())
	return fromPart(part)
}

// bounds are those that package linear gets: what is left of the time.
func (c *check) bounds() checker.Options {
	return checker.Options{Timeout: max(c.clock.Left(), time.Millisecond), Done: c.options.Done, Memory: c.options.Memory, Initial: c.options.Initial}
}

// fromPart takes over what package linear decided.
func fromPart(part checker.Part) Result {
	r := Result{Validity: part.Validity, Reason: part.Reason, Stage: part.Stage}
	for _, f := range part.Findings {
		if len(f.Operations) > 0 {
			r.Violation, r.Reason = &f, f.Sentence
			break
		}
	}
	r.Reason = cmp.Or(r.Reason, part.Validity.String())
	return r
}

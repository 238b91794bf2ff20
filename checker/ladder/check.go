package ladder

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/wording"
)

// The stages beside those of package checker.
const (
	stageWitness  = "witness"       // the system's own order, verified
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
	results map[string]*Result

	thin      *breach
	explained *bool // whether the order that the system proposes is a sequential one
	causes    *causality
	noCauses  *breach // why there is no causal order
	caused    bool    // whether that was found out
}

func newCheck(ops []history.Operation, o Options) *check {
	c := &check{options: o, clock: &clock{deadline: time.Now().Add(o.Timeout)}, results: map[string]*Result{}}
	c.reading = read(ops)
	if c.bad == nil {
		c.thin = c.readFromThinAir()
	}
	return c
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
	r := c.direct(model)
	r.Model = model
	c.results[model] = &r
	return r
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
	decide, ok := deciders[model]
	if !ok {
		_, err := ModelByName(model)
		return Result{Reason: fmt.Sprint(err)}
	}
	return c.conclude(decide, c.ask(decide))
}

// ask has a model decided, within the bounds.
func (c *check) ask(decide decider) (a answer) {
	switch {
	case c.bad != nil:
		return answer{reason: c.bad.Error()}
	case c.thin != nil:
		return answer{validity: checker.Invalid, breach: c.thin, stage: stagePatterns}
	}
	if !c.clock.within(func() { a = decide(c) }) {
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
		r.Witness = c.witness(decide, a.breach)
		r.Reason = r.Witness.Sentence
		return r
	case a.validity == checker.Valid && len(c.gaps) > 0:
		return Result{Stage: a.stage, Reason: "nothing breaks it but for " + strings.Join(c.gaps, " and ") + ", which had to be left out"}
	case a.validity == checker.Valid:
		return Result{Validity: checker.Valid, Stage: a.stage,
			Reason: fmt.Sprintf("%s of %s can have come about", wording.Count(len(c.ops), "operation"), wording.Count(len(c.sessions), "session"))}
	default:
		return Result{Stage: a.stage, Reason: a.reason}
	}
}

// decider decides a model over a history without reads from thin air.
type decider func(*check) answer

var deciders = map[string]decider{
	Sequential:        (*check).sequential,
	ConsistentPrefix:  (*check).consistentPrefix,
	CausalMemory:      (*check).causalMemory,
	CausalConvergence: (*check).causalConvergence,
	Causal:            (*check).causal,
	PRAM: func(c *check) answer {
		return c.unlessExplained(func() answer { return found((*reading).pram(c.reading, c.clock), stagePatterns) })
	},
	WritesFollowReads: func(c *check) answer { return found(c.writesFollowReads(), stageVersions) },
	MonotonicReads:    func(c *check) answer { return found(c.monotonicReads(), stageVersions) },
	ReadYourWrites:    func(c *check) answer { return found(c.readYourWrites(), stageVersions) },
	MonotonicWrites:   func(*check) answer { return found(nil, stageVersions) },
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
		return answer{validity: checker.Valid, stage: stageWitness}
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
		for _, weaker := range [...]decider{(*check).causalConvergence, (*check).causalMemory} {
			if a := weaker(c); a.validity == checker.Invalid {
				return a
			}
		}
		return ordered(c.reading, c.options.Memory, c.clock)
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
		if writes.explains(writes.proposal()) {
			return answer{validity: checker.Valid, stage: stageWitness}
		}
		a := ordered(writes, c.options.Memory, c.clock)
		if a.breach != nil {
			a.breach.renumber(writes, c.reading)
		}
		return a
	})
}

// ordered decides by the forced order whether there is a sequential one.
func ordered(r *reading, memory int64, c *clock) answer {
	if size := 4 * int64(len(r.ops)) * int64(len(r.sessions)); size > memory {
		return answer{stage: stageForced, reason: fmt.Sprintf("its vector clocks would take %d MiB", size>>20)}
	}
	f := newForced(r, c)
	if b := f.saturate(); b != nil {
		return found(b, stageForced)
	}
	s := newSearch(f, r.proposal(), memory)
	switch validity, order := s.decide(); {
	case validity == checker.Valid && r.explains(order):
		return answer{validity: checker.Valid, stage: stageForced}
	case validity == checker.Invalid:
		return found(&breach{rule: ruleNoOrder}, stageForced)
	default:
		return answer{stage: stageForced, reason: "the search for an order gave up after " + wording.Count(stepsLeast+stepsEach*len(r.ops), "step")}
	}
}

const ruleNoOrder = "NoOrder" // no cycle shows it, but every order was tried

func (c *check) linearizable() Result {
	part, _ := checker.Linearizable(checker.CASRegister(), c.all, c.bounds())
	return fromPart(part, "no linearization")
}

// bounds are those that package checker gets: what is left of the time.
func (c *check) bounds() checker.Options {
	return checker.Options{Timeout: max(time.Until(c.clock.deadline), time.Millisecond), Memory: c.options.Memory}
}

// fromPart takes over what package checker decided.
func fromPart(part checker.Part, rule string) Result {
	r := Result{Validity: part.Validity, Reason: part.Reason, Stage: part.Stage}
	for _, key := range part.NotValid {
		if key.Explanation != nil {
			r.Witness = &Witness{Rule: rule, Explanation: *key.Explanation}
			break
		}
	}
	r.Reason = cmp.Or(r.Reason, part.Validity.String())
	return r
}

package linear

import (
	"fmt"

	"faultline/checker"
)

// decision is what was found out of an object.
type decision struct {
	stage    string
	validity checker.Validity
	reason   string        // why it is unknown
	bound    checker.Bound // the one that was met, if that is why
}

// within runs an algorithm on an object. It returns the bound that the algorithm met, if it did: the answer is unknown then.
func (o *object) within(c *clock, memory int64, run func()) (met checker.Bound) {
	o.granted = allowance{clock: c, left: memory}
	o.allowance = &o.granted
	met = o.allowance.within(run)
	o.allowance = nil
	return met
}

// decide asks the stages in turn.
func (o *object) decide(c *clock, memory int64) {
	if !o.decideDirectly(c, memory) {
		o.search(c, memory)
	}
}

// decideDirectly asks the stages that need no search. It reports whether there is nothing left to do.
func (o *object) decideDirectly(c *clock, memory int64) (done bool) {
	if err := o.unreadable(); err != nil {
		o.decision = decision{reason: err.Error()}
		return true
	}
	switch met := o.within(c, memory, func() { done = o.direct(c) }); met {
	case checker.TimeBound:
		o.decision = decision{reason: "there was no time left for the stage " + o.stage, bound: met}
		return true
	case checker.MemoryBound:
		return false
	default:
		return done
	}
}

func (o *object) direct(c *clock) bool {
	o.stage = stageClaimed
	if o.initials == nil && o.claims(c) && o.follows(o.model.machine(o), c) {
		o.validity = checker.Valid
		return true
	}
	if o.model.direct == nil {
		return false
	}
	o.stage = o.model.stage
	o.validity = o.model.direct(o, c)
	return o.validity != checker.Unknown
}

// search decides an object that the other stages left over.
func (o *object) search(c *clock, memory int64) {
	o.decision = decision{stage: stageSearch}
	met := o.within(c, memory, func() { o.searchParts(c, memory) })
	if met == "" && o.validity == checker.Unknown && o.reason == "" {
		met = checker.MemoryBound
	}
	if met != "" {
		o.decision = metBound(met, memory)
	}
}

// metBound is the decision where a search met a bound.
func metBound(met checker.Bound, memory int64) decision {
	reason := "the search met its bound on time"
	if met == checker.MemoryBound {
		reason = fmt.Sprintf("the search met its bound on memory, %d MiB", memory>>20)
	}
	return decision{reason: reason, bound: met}
}

// searchParts searches an object or, if it can be split, its parts, which are independent of each other
// and may need no search.
func (o *object) searchParts(c *clock, memory int64) {
	parts := o.parts()
	if len(parts) == 0 {
		o.validity = searchAll(o, o.model.machine(o), memory)
		return
	}
	var answers []checker.Validity
	stages := stageCounts{}
	for _, p := range parts {
		p.decide(c, memory)
		answers = append(answers, p.validity)
		stages.add(p.stage)
		if p.validity == checker.Unknown && o.reason == "" {
			o.reason, o.bound = p.reason, p.bound
		}
	}
	o.validity, o.stage = checker.Merge(answers...), stages.String()
}

// parts takes an object apart; none if that is not possible.
func (o *object) parts() []*object {
	if o.model.split == nil {
		return nil
	}
	return o.model.split(o)
}

// searchAll is the last stage.
func searchAll(o *object, m machine, memory int64) checker.Validity {
	items := o.items
	if o.isRegister() {
		items = dropUnobserved(items, o.values.len(), o.allowance)
		if !boundObserved(items, o.values.len(), o.first(), o.allowance) {
			return checker.Invalid
		}
	}
	// Most valid histories have an order that is found at once, while a window may have endless endings.
	w := &windows{machine: m, items: items, allowance: o.allowance, memory: memory / exhaustible}
	if answer := w.finish(w.beginning(o.first()), 0); answer != checker.Unknown {
		return answer
	}
	w.memory = memory
	return w.decide(o.first())
}

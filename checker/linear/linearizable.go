package linear

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/history"
)

// Linearizable decides whether the operations are linearizable: whether there is an order in which
// the model does what clients saw, and in which an operation that returned before another one was
// invoked comes first. Before means the position in the history; the times of events play no part.
//
// Each key is decided on its own. The findings are the keys that are invalid or unknown, by name. The check runs in real time: in a
// world with a virtual clock its bound would never pass.
func Linearizable(m Model, ops []history.Operation, opts checker.Options) checker.Part {
	return decideAs(checker.LinearizablePart, m, ops, opts)
}

// decideAs makes the part of that name.
func decideAs(name string, m Model, ops []history.Operation, opts checker.Options) checker.Part {
	opts = opts.WithDefaults()
	clock := newClock(opts.Timeout).Until(opts.Done)
	part := checker.Part{Name: name, Model: m.name, Operations: len(ops)}
	m, err := m.Beginning(opts.Initial)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	var all []*object
	r := arenas.Get().(*arena)
	if !clock.Within(func() { all = objects(&m, ops, clock, r) }) {
		part.Reason = "there was no time to read the operations"
		return part
	}
	part.Objects = len(all)
	slices.SortFunc(all, func(a, b *object) int { return cmp.Compare(a.name, b.name) })
	decideAll(all, clock, opts.Memory)

	explaining := clock.Another(max(clock.Left(), explainLeast))
	answers := make([]checker.Validity, 0, len(all))
	for _, o := range all {
		answers = append(answers, o.validity)
		if o.validity != checker.Valid {
			part.Findings = append(part.Findings, o.finding(name, explaining, opts.Memory))
		}
	}
	part.Stage = stages(all)
	part.Validity = checker.Merge(answers...)
	part.Reason = summarize(part)
	r.leave()
	return part
}

// stages names those that decided some key, the most frequent one first.
func stages(all []*object) string {
	count := map[string]int{}
	var names []string
	for _, o := range all {
		if o.stage != "" && count[o.stage] == 0 {
			names = append(names, o.stage)
		}
		count[o.stage]++
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	return strings.Join(names, ", ")
}

// decideAll decides all objects within one bound on time. What needs no search comes first: it is known
// how long that takes, and the whole bound is there for it. The searches that are left begin with those
// that look easy, and each gets an equal share of the time that is left, so that one hard key cannot take
// it from the others.
func decideAll(all []*object, c *clock, memory int64) {
	var hard []*object
	for _, o := range all {
		if !o.decideDirectly(c) {
			hard = append(hard, o)
		}
	}
	pending := map[*object]int{}
	for _, o := range hard {
		pending[o] = o.pending()
	}
	slices.SortStableFunc(hard, func(a, b *object) int {
		return cmp.Or(cmp.Compare(pending[a], pending[b]), cmp.Compare(len(a.items), len(b.items)))
	})
	for i, o := range hard {
		share := c.Left() / time.Duration(len(hard)-i)
		o.search(c.Another(share), memory)
	}
}

// decide asks the stages in turn.
func (o *object) decide(c *clock, memory int64) {
	if !o.decideDirectly(c) {
		o.search(c, memory)
	}
}

// decideDirectly asks the stages that need no search. It reports whether there is nothing left to do.
func (o *object) decideDirectly(c *clock) (done bool) {
	if err := o.unreadable(); err != nil {
		o.reason = err.Error()
		return true
	}
	if !c.Within(func() { done = o.direct(c) }) {
		o.decision = decision{reason: "there was no time left for the stage " + o.stage}
		return true
	}
	return done
}

func (o *object) direct(c *clock) bool {
	o.stage = stageClaimed
	if o.initials == nil && o.claims() && o.follows(o.model.machine(o), c) {
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
	if !c.Within(func() { o.searchParts(c, memory) }) {
		o.decision = decision{reason: "the search met its bound on time"}
	} else if o.validity == checker.Unknown {
		o.decision = decision{reason: cmp.Or(o.reason, "the search met its bound on memory")}
	}
}

// searchParts searches an object or, if it can be split, its parts, which are independent of each other
// and may need no search.
func (o *object) searchParts(c *clock, memory int64) {
	var parts []*object
	if o.model.split != nil {
		parts = o.model.split(o)
	}
	if len(parts) == 0 {
		o.validity = searchAll(o, o.model.machine(o), c, memory)
		return
	}
	var answers []checker.Validity
	for _, p := range parts {
		p.decide(c, memory)
		answers = append(answers, p.validity)
		if p.validity == checker.Invalid {
			o.culprit = p
		}
		o.reason = cmp.Or(o.reason, p.reason)
	}
	o.validity, o.stage = checker.Merge(answers...), stages(parts)
}

// searchAll is the last stage.
func searchAll(o *object, m machine, c *clock, memory int64) checker.Validity {
	items := o.items
	if o.isRegister() {
		items = dropUnobserved(items, o.values.len())
		boundObserved(items, o.values.len(), o.first())
	}
	// Most valid histories have an order that is found at once, while a window may have endless endings.
	w := &windows{machine: m, items: items, clock: c, memory: memory / exhaustible}
	from := []carried{{states: o.first()}}
	if answer := w.finish(from, 0); answer != checker.Unknown {
		return answer
	}
	w.memory = memory
	return w.decide(o.first())
}

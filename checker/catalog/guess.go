package catalog

import (
	"errors"
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/history"
	"faultline/internal/nearest"
	"faultline/internal/wording"
)

// Guesser finds the entry that the operations of a history are those of, by their names and by the shapes of their values. It takes the
// operations one by one, in the order in which they completed, and remembers no more than what functions there are, what
// their values look like, and who holds which lock.
//
// The line between a wrong answer of the store and a wrong model is drawn by the history as a whole. A value that nothing
// wrote is a violation, as long as some value that was read has the shape of one that was written: integers, texts, keywords, lists, sets
// and maps are shapes. If none has, as where integers are written and each read returns a set, the operations are
// not those of the model, and it is refused. Null fits everywhere.
type Guesser struct {
	uses      []use
	tooMany   bool
	observed  int
	finals    bool             // operations are marked as final
	negative  bool             // something negative is added
	holders   map[string]int32 // key → the process that acquired it last, unless something may have released it since
	reentered *history.Operation
	permits   permits
	written   written
}

// permits are the arguments of acquires, if they may be the number of permits that a semaphore has.
type permits struct {
	value   history.Value
	process int32
	several bool // processes have said the same
	differ  bool
}

func (p *permits) add(op *history.Operation) {
	if p.value.Kind() == history.None {
		p.value, p.process = op.Input, op.Process
	}
	p.several = p.several || op.Process != p.process
	p.differ = p.differ || !op.Input.Equal(p.value)
}

// use is what is known of a function.
type use struct {
	f       string
	in, out seen          // the arguments, and what ok operations returned
	cas     seen          // of a cas: the expected and the new value
	count   int           // how many there are
	ok      bool          // one of them was
	told    history.Value // the first answer that is neither the argument, nor null, nor true
}

// maxFunctions is how many functions are remembered. No model has as many.
const maxFunctions = 32

// Add takes an operation. It does not keep it.
func (g *Guesser) Add(op *history.Operation) {
	u := g.use(op.F)
	if u == nil {
		return
	}
	u.count++
	g.finals = g.finals || op.Final
	u.in.add(op.Input)
	if n, ok := op.Input.Int(); ok && n < 0 && op.F == "add" {
		g.negative = true
	}
	if expected, next, ok := onlyTwo(op.Input); ok && op.F == "cas" {
		u.cas.add(expected)
		u.cas.add(next)
	}
	if op.F == "acquire" {
		g.permits.add(op)
	}
	g.hold(op)
	g.written.add(op.Input)
	if op.Compared() {
		g.observed++
	}
	if op.Outcome != history.OK {
		return
	}
	g.observed++
	u.ok = true
	u.out.add(op.Output)
	if u.told.Kind() == history.None && tells(op) {
		u.told = op.Output
	}
}

// use finds a function. There are few, so that looking at each takes less than hashing.
func (g *Guesser) use(f string) *use {
	for i := range g.uses {
		if g.uses[i].f == f {
			return &g.uses[i]
		}
	}
	if g.tooMany = g.tooMany || len(g.uses) == maxFunctions; g.tooMany {
		return nil
	}
	g.uses = append(g.uses, use{f: f})
	return &g.uses[len(g.uses)-1]
}

// tells reports whether an operation answers something that is not its argument, or that all is well.
func tells(op *history.Operation) bool {
	if shapeOf(op.Output) == 0 || op.Output.Equal(op.Input) {
		return false
	}
	text, ok := op.Output.Literal()
	return !ok || text != "true"
}

// hold notices who acquires what it has.
func (g *Guesser) hold(op *history.Operation) {
	switch {
	case op.F == "release" && op.Outcome != history.Fail:
		delete(g.holders, op.Key)
	case op.F == "acquire" && op.Outcome == history.OK:
		if p, held := g.holders[op.Key]; held && p == op.Process && g.reentered == nil {
			again := *op
			g.reentered = &again
		}
		if g.holders == nil {
			g.holders = map[string]int32{}
		}
		g.holders[op.Key] = op.Process
	}
}

// Observed is how many operations tell something of the objects: those that were ok, and those that failed because they compared.
func (g *Guesser) Observed() int { return g.observed }

// ErrAmbiguous is why a model is not guessed: only the user knows it.
var ErrAmbiguous = errors.New("say which one is meant")

// Guess is the entry that the operations are those of, and says how it is known. It refuses where there is none, by the name of what
// the operations look like, and where more than one would do.
func (g *Guesser) Guess() (e Entry, why string, err error) {
	functions := g.functions()
	if len(functions) == 0 {
		return e, "", errors.New("there is no operation to guess a model from")
	}
	why = "its operations are " + wording.List(functions, "and")
	if e, like := g.looksLike(); like != "" {
		switch {
		case e.missing():
			return e, "", fmt.Errorf("the operations look like those of %s; there is no such model", like)
		case !e.knows(functions):
			return e, "", fmt.Errorf("the operations look like those of %s; %w", like, e.lacks(functions))
		}
		return e, "the operations are those of " + like, g.Fits(e, checker.Initial{})
	}
	candidates := g.fitting(functions)
	var names []string
	for _, c := range candidates {
		names = append(names, c.Name)
	}
	switch quoted := wording.List(functions, "and"); {
	case len(candidates) > 1:
		return e, "", fmt.Errorf("the operations are %s, which may be those of a %s; %w", quoted, wording.List(names, "or"), ErrAmbiguous)
	case len(candidates) == 0 && slices.ContainsFunc(All(), func(c Entry) bool { return c.knows(functions) }):
		return e, "", fmt.Errorf("the operations are %s, and no model that has them has such values: %s; %w", quoted, g.values(), ErrAmbiguous)
	case len(candidates) == 0:
		return e, "", noneHas(functions)
	}
	return candidates[0], why, g.Fits(candidates[0], checker.Initial{})
}

// looksLike is the entry that the operations are unmistakably those of, and what they look like in words; empty if they are of none.
func (g *Guesser) looksLike() (e Entry, like string) {
	for _, e := range entries {
		if e.unmistakable == nil {
			continue
		}
		if like := e.unmistakable(g); like != "" {
			return e, like
		}
	}
	return e, ""
}

// fitting are the entries that know all functions, and whose values are like those in use.
func (g *Guesser) fitting(functions []string) []Entry {
	return slices.DeleteFunc(All(), func(e Entry) bool { return e.fits == nil || !e.knows(functions) || !e.fits(g) })
}

// lacks says which of the functions the entry does not know.
func (e Entry) lacks(functions []string) error {
	k := slices.IndexFunc(functions, func(f string) bool { return !e.has(f) })
	return fmt.Errorf("the model %s has no operation %s; %s", e.Name, functions[k], nearest.Hint(functions[k], e.Operations(), "there are"))
}

// noneHas refuses functions that are not all those of one entry: by one that none has and what may have been meant, else by the entry
// that has most of them.
func noneHas(functions []string) error {
	var all []string
	var closest Entry
	most := 0
	strange := slices.Clone(functions)
	for _, e := range All() {
		unknown := func(f string) bool { return !e.has(f) }
		all = append(all, e.Operations()...)
		strange = slices.DeleteFunc(strange, func(f string) bool { return !unknown(f) })
		if known := len(slices.DeleteFunc(slices.Clone(functions), unknown)); known > most {
			closest, most = e, known
		}
	}
	if len(strange) > 0 {
		slices.Sort(all)
		return fmt.Errorf("no model has the operation %s; %s", strange[0], nearest.Hint(strange[0], slices.Compact(all), "there are"))
	}
	return fmt.Errorf("no model has all of %s; the closest is %s, with %s", wording.List(functions, "and"), closest.Name, wording.List(closest.Operations(), "and"))
}

// functions are the names in use, sorted.
func (g *Guesser) functions() []string {
	var names []string
	for i := range g.uses {
		names = append(names, g.uses[i].f)
	}
	slices.Sort(names)
	return names
}

// values says what values the functions take and return.
func (g *Guesser) values() string {
	var parts []string
	for _, f := range g.functions() {
		u := g.of(f)
		if u.in.shape != 0 {
			parts = append(parts, fmt.Sprintf("%s takes %v", f, u.in.shape))
		}
		if u.told.Kind() != history.None {
			parts = append(parts, fmt.Sprintf("%s returns %v", f, u.out.shape))
		}
	}
	return wording.List(parts, "and")
}

// of is the use of a function under its own name and others; zero if it is not in use.
func (g *Guesser) of(f string) use {
	var all use
	for i := range g.uses {
		u := &g.uses[i]
		if u.f != f && synonyms[u.f] != f {
			continue
		}
		all.f = f
		all.in.merge(u.in)
		all.out.merge(u.out)
		all.cas.merge(u.cas)
		all.count, all.ok = all.count+u.count, all.ok || u.ok
		if all.told.Kind() == history.None {
			all.told = u.told
		}
	}
	return all
}

// used reports whether a function is in use.
func (g *Guesser) used(f string) bool { return g.of(f).f != "" }

// readsOfMapsAlone reports whether nothing is done but to read maps.
func (g *Guesser) readsOfMapsAlone() bool {
	return g.used("read") && len(g.uses) == 1 && g.of("read").out.shape == aMap
}

// listing reports whether reads return lists or sets.
func (g *Guesser) listing() bool { return g.of("read").out.shape&(aList|aSet) != 0 }

// steps are what the steps of all transactions do.
func (g *Guesser) steps() steps {
	all := steps(0)
	for i := range g.uses {
		all |= g.uses[i].in.steps | g.uses[i].out.steps
	}
	return all
}

// severalRegisters reports whether operations are about several registers: maps from registers to values, or steps of transactions.
func (g *Guesser) severalRegisters() bool {
	for i := range g.uses {
		if u := &g.uses[i]; (u.in.shape|u.out.shape)&aMap != 0 || (u.in.steps|u.out.steps)&(stepsRead|stepsWrite) != 0 {
			return true
		}
	}
	return false
}

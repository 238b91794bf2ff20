package linear

import (
	"errors"
	"fmt"
	"slices"

	"faultline/history"
	"faultline/internal/nearest"
)

// Guesser finds the model that the operations of a history are those of, by their names and by the shapes of their values. It takes the
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
	holders   map[string]int32 // key → the process that acquired it last, unless something may have released it since
	reentered *history.Operation
}

// use is what is known of a function.
type use struct {
	f       string
	in, out seen          // the arguments, and what ok operations returned
	cas     seen          // of a cas: the expected and the new value
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
	u.in.add(op.Input)
	if expected, next, ok := twoValues(op.Input); ok && op.F == "cas" {
		u.cas.add(expected)
		u.cas.add(next)
	}
	g.hold(op)
	if op.Compared() {
		g.observed++
	}
	if op.Outcome != history.OK {
		return
	}
	g.observed++
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

// Guess is the model that the operations are those of, and says how it is known. It refuses where there is none, by the name of what
// the operations look like, and where more than one would do.
func (g *Guesser) Guess() (m Model, why string, err error) {
	functions := g.functions()
	if len(functions) == 0 {
		return m, "", fmt.Errorf("there is no operation to guess a model from")
	}
	if like := g.looksLike(); like != "" {
		return m, "", fmt.Errorf("the operations look like those of %s; there is no such model", like)
	}
	var candidates []Model
	for _, c := range Models() {
		if c.knows(functions) && c.fits(g) {
			candidates = append(candidates, c)
		}
	}
	var names []string
	for _, c := range candidates {
		names = append(names, c.name)
	}
	switch quoted := listed(functions, "and"); {
	case len(candidates) > 1:
		return m, "", fmt.Errorf("the operations are %s, which may be those of a %s; %w", quoted, listed(names, "or"), ErrAmbiguous)
	case len(candidates) == 0 && slices.ContainsFunc(Models(), func(c Model) bool { return c.knows(functions) }):
		return m, "", fmt.Errorf("the operations are %s, and no model that has them has such values: %s; %w", quoted, g.values(), ErrAmbiguous)
	case len(candidates) == 0:
		return m, "", noModelHas(functions)
	}
	if err := g.Fits(candidates[0]); err != nil {
		return m, "", err
	}
	return candidates[0], "its operations are " + listed(functions, "and"), nil
}

// noModelHas refuses functions that are not all those of one model: by one that no model has and what may have been meant, else by the model
// that has most of them.
func noModelHas(functions []string) error {
	var all []string
	var closest Model
	most := 0
	strange := slices.Clone(functions)
	for _, m := range Models() {
		unknown := func(f string) bool { return !m.knows([]string{f}) }
		all = append(all, m.functions...)
		strange = slices.DeleteFunc(strange, func(f string) bool { return !unknown(f) })
		if known := len(slices.DeleteFunc(slices.Clone(functions), unknown)); known > most {
			closest, most = m, known
		}
	}
	if len(strange) > 0 {
		slices.Sort(all)
		return fmt.Errorf("no model has the operation %s; %s", strange[0], nearest.Hint(strange[0], slices.Compact(all), "there are"))
	}
	return fmt.Errorf("no model has all of %s; the closest is %s, with %s", listed(functions, "and"), closest.name, listed(closest.functions, "and"))
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
	return listed(parts, "and")
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
		if all.told.Kind() == history.None {
			all.told = u.told
		}
	}
	return all
}

// fits rules out models whose functions are called the same, by what they are used with.
func (m Model) fits(g *Guesser) bool {
	used := func(f string) bool { return g.of(f).f != "" }
	listing := g.of("read").out.shape&(aList|aSet) != 0
	several := g.severalRegisters()
	switch m.name {
	case "register": // a cas-register without cas is the same
		return !several && used("write")
	case "cas-register":
		return !several && (used("cas") || used("delete") || !used("write") && !listing)
	case "multi-register":
		return several
	case "set":
		return used("add") && (!used("read") || listing)
	case "counter": // reads alone may be those of one
		counted := used("read") && len(g.uses) == 1 && g.of("read").out.shape == anInteger
		return used("inc") || used("dec") || used("add") && !listing || counted
	case "kv":
		return !used("append") || used("get") || used("put")
	default:
		return true
	}
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

package nemesis

import (
	"fmt"

	"faultline/cluster"
	"faultline/history"
)

// loadVerb is a verb that makes heavier what clients ask of the system, until it is ended. Parsing, the Runner and
// the end all follow from this one description. It hurts no node and no link, but brings about what else
// is rare: long queues and batches, conflicts on one key, frames and snapshots that are large.
type loadVerb struct {
	kind  loadKind
	name  string
	usage string // of the burden
	parse func(*line) (burden, error)
	none  burden // undoes any other
}

// loadKind is a way in which the load is heavier. Each kind is independent of the others.
type loadKind uint8

const (
	byBurst loadKind = iota
	byHotKey
	byLargeValues
	bySlowClients
	loadKinds // how many there are
)

// burden is how much heavier a load gets.
type burden interface {
	String() string
	put(on cluster.Load)
	// lighter returns less of it, the least first; nothing if it is little already, or as easily told as less of it.
	lighter() []burden
}

// theLoad is what a history calls the load of the test, as the subject of faults.
const theLoad = "load"

func (v *loadVerb) verb() verb {
	return verb{
		name:  v.name,
		usage: fmt.Sprintf("%s %s, until end %s", v.name, v.usage, v.name),
		parse: func(l *line) (Action, error) {
			b, err := v.parse(l)
			return loadAction{v, b}, err
		},
	}
}

// loadAction puts a burden in the place of one that the same verb put before.
type loadAction struct {
	verb   *loadVerb
	burden burden
}

func (a loadAction) String() string { return a.verb.name + " " + a.burden.String() }

// check has nothing to refuse: which burdens make no sense follows from the text alone, and Parse says so.
func (loadAction) check(*forecast) error { return nil }

func (a loadAction) carryOut(r *Runner) Action {
	detail, subject := history.TextValue(a.burden.String()), a.verb.lasting().subject()
	if r.faults.Load == nil {
		r.note(a.verb.name, subject, detail, "this system cannot suffer "+a.verb.name)
		return nil
	}
	a.burden.put(r.faults.Load)
	r.loaded[a.verb.kind] = true
	r.note(a.verb.name, subject, detail, "")
	return a
}

func (a loadAction) simpler([]string) []Action {
	var actions []Action
	for _, b := range a.burden.lighter() {
		actions = append(actions, loadAction{a.verb, b})
	}
	return actions
}

func (v *loadVerb) lasting() *lasting {
	return &lasting{
		name:     v.name,
		of:       theLoad,
		suffered: suffersLoad,
		in:       func(r *Runner) bool { return r.loaded[v.kind] },
		end: func(r *Runner) bool {
			v.none.put(r.faults.Load)
			r.loaded[v.kind] = false
			return true
		},
	}
}

func suffersLoad(f cluster.Faults) bool { return f.Load != nil }

// anyLoad is what ends all burdens at once, whichever there are.
var anyLoad = lasting{
	name:     theLoad,
	of:       theLoad,
	suffered: suffersLoad,
	in:       func(r *Runner) bool { return r.loaded != [loadKinds]bool{} },
	parts:    []*lasting{burst.lasting(), hotKey.lasting(), largeValues.lasting(), slowClients.lasting()},
}

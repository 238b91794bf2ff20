package models

import "strings"

// Set is a set of models.
type Set uint64

// Of is the set of the models with these names. It panics at a name that there is not, see ByName.
func Of(names ...string) Set {
	var s Set
	for _, name := range names {
		s |= 1 << must(name)
	}
	return s
}

func must(name string) int {
	i := place(name)
	if i < 0 {
		panic("no level of isolation is called " + name)
	}
	return i
}

// place is where a model is in all; -1 if there is none of the name.
func place(name string) int {
	name = strings.TrimPrefix(name, ":")
	for i, m := range all {
		if strings.EqualFold(m.Name, name) {
			return i
		}
		for _, also := range m.Also {
			if strings.EqualFold(also, name) {
				return i
			}
		}
	}
	return -1
}

// Names are the names of the models in the set, stronger ones before weaker ones.
func (s Set) Names() []string {
	var names []string
	for i, m := range all {
		if s&(1<<i) != 0 {
			names = append(names, m.Name)
		}
	}
	return names
}

// Has reports whether the model is in the set.
func (s Set) Has(name string) bool { return s&Of(name) != 0 }

// weaker and stronger are, for each model, itself and what it implies, and itself and what implies it.
var weaker, stronger = closures()

func closures() (weaker, stronger []Set) {
	weaker, stronger = make([]Set, len(all)), make([]Set, len(all))
	for i := len(all) - 1; i >= 0; i-- { // weaker ones come later
		weaker[i] = 1 << i
		for _, name := range all[i].Implies {
			weaker[i] |= weaker[must(name)]
		}
		for k := range all {
			if weaker[i]&(1<<k) != 0 {
				stronger[k] |= 1 << i
			}
		}
	}
	return weaker, stronger
}

// Implied are the models of the set and all weaker ones that these imply.
func Implied(s Set) Set { return s.closed(weaker) }

// closed adds to a set what a relation that is closed leads to.
func (s Set) closed(relation []Set) Set {
	var reached Set
	for i, related := range relation {
		if s&(1<<i) != 0 {
			reached |= related
		}
	}
	return reached
}

// outermost are the models of the set that a relation leads to from no other of the set.
func (s Set) outermost(relation []Set) Set {
	outer := s
	for i, related := range relation {
		if s&(1<<i) != 0 {
			outer &^= related &^ (1 << i)
		}
	}
	return outer
}

// Strongest are the models of the set that no other of the set implies.
func (s Set) Strongest() Set { return s.outermost(weaker) }

// Weakest are the models of the set that imply no other of the set.
func (s Set) Weakest() Set { return s.outermost(stronger) }

// Package catalog lists what a recorded history can be checked against, by name: the models of package linear, and the checkers
// that judge a history as a whole. Each is one Entry, a literal in one of the files of this package. The command line, its help and
// the guess are made from these.
//
// A history names no model, so Guesser tells from the operations and their values which entry they are those of. It refuses where it
// cannot tell. An entry can be there for its name alone: then what it stands for is recognized, and refused by that name.
package catalog

import (
	"fmt"
	"slices"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/internal/nearest"
	"faultline/internal/wording"
)

// Entry is something that a history can be checked against. It has either Linear or Checker, or neither: then it is known by name only,
// and refused.
type Entry struct {
	Name    string
	Aliases []string // what Jepsen, Maelstrom, Knossos and elle-cli call it, where that differs
	Doc     string   // what it is, in a line

	// Functions are the operations that it knows. They are left out for a model of package linear, which lists its own.
	Functions []string
	// Judged says what the verdict is about, and Unjudged which part of a history it leaves out; empty if none.
	Judged, Unjudged string
	// Weaker names entries that ask for less of the same operations. If a history is invalid, whether they hold is worth a hint.
	Weaker  []string
	Options []Option

	Linear  func() linear.Model
	Checker func(Settings) checker.Checker
	// Levels judges by consistency models of a family, such as levels of isolation, by their names. It is nil if there are none for these
	// operations but those of registers.
	Levels func(levels ...string) checker.Checker
	family Family

	// unmistakable says what the operations look like, if their names and values are those of this entry and of no other; else it
	// is empty. It is nil for an entry that can be told only by fits, or only by its name.
	unmistakable func(*Guesser) string
	// fits tells the entry from others that know the same functions, by the values. It is nil for one that is never guessed by its
	// functions.
	fits func(*Guesser) bool
	// exchanged are the shapes of what operations put into the objects, and of what they got out of them. If they have nothing in
	// common the entry is refused. It is nil if nothing is known of them.
	exchanged func(*Guesser) (put, got shapes)
	// begins says that the objects hold something at first that the user may tell, though there is no model of package linear.
	begins bool
	// registers says that the objects are registers, whose values may be versioned.
	registers bool
	// observed are the functions whose answers a model of package linear looks at; a warning tells of others that have one.
	observed []string
}

// entries are all there are. Of several unmistakable ones the first counts.
var entries = slices.Concat(transactions, streams, nodes, banks, replicatedTypes, growing, ids, registers, consumed, counters, growth, exclusion, leases)

// All are the entries that a history can be checked against.
func All() []Entry {
	return slices.DeleteFunc(slices.Clone(entries), Entry.missing)
}

// Names are the names of All.
func Names() []string {
	var names []string
	for _, e := range All() {
		names = append(names, e.Name)
	}
	return names
}

// ByName finds an entry by its name or an alias. The error says what was probably meant, or what there is.
func ByName(name string) (Entry, error) {
	known := Names()
	for _, e := range entries {
		switch {
		case e.Name != name && !slices.Contains(e.Aliases, name):
		case e.missing():
			return Entry{}, fmt.Errorf("there is no model %s yet (%s)", name, e.Doc)
		default:
			return e, nil
		}
		known = append(known, e.Aliases...)
	}
	hint := nearest.Hint(name, known, "there are")
	if nearest.Word(name, known) == "" {
		hint = nearest.Hint(name, Names(), "there are")
	}
	return Entry{}, fmt.Errorf("unknown model %q; %s", name, hint)
}

// missing reports whether an entry is known by name only.
func (e Entry) missing() bool { return e.Linear == nil && e.Checker == nil }

// Operations are the functions that the entry knows.
func (e Entry) Operations() []string {
	if e.Linear != nil {
		return e.Linear().Functions()
	}
	return e.Functions
}

// knows reports whether the entry has all these functions.
func (e Entry) knows(functions []string) bool {
	return !slices.ContainsFunc(functions, func(f string) bool { return !e.has(f) })
}

func (e Entry) has(f string) bool { return slices.Contains(e.Operations(), e.Function(f)) }

// Begin refuses values that no object of the entry can hold at first.
func (e Entry) Begin(i checker.Initial) error {
	if e.Linear != nil {
		_, err := e.Linear().Beginning(i)
		return err
	}
	if i.Given() && !e.begins {
		return fmt.Errorf("an initial value means nothing to the model %s; it is for %s", e.Name, wording.List(withInitial(), "and"))
	}
	return nil
}

// withInitial are the entries whose objects hold something at first.
func withInitial() []string {
	var names []string
	for _, e := range All() {
		if e.Linear != nil || e.begins {
			names = append(names, e.Name)
		}
	}
	return names
}

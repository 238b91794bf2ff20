package cluster

import (
	"fmt"
	"slices"
)

// Described is a Config that says all there is to know of its kind of system. A spec with such a config needs no kind that is
// registered.
type Described interface {
	Config
	// Kind is the kind of system that is described. An error says what is missing from it.
	Kind() (Kind, error)
}

// Describer finds kinds of systems that are described.
type Describer interface {
	// Kinds are those that come with this program.
	Kinds() []Kind
	// Find finds a kind by what a person calls it when its name is not enough: a file, or a name with a version. It reports false
	// if it is neither.
	Find(name string) (k Kind, found bool, err error)
	// Config returns an empty config, for one that was stored to be read into.
	Config() Described
}

var describer Describer

// RegisterDescriber makes described kinds known. There is one Describer in a program. It must be called from an init function.
func RegisterDescriber(d Describer) { describer = d }

// NewDescribed returns an empty config of a system that is described; nil if there is no Describer.
func NewDescribed() Described {
	if describer == nil {
		return nil
	}
	return describer.Config()
}

// KindOf returns the kind of a system with a config: what the config describes, or else the kind of that name.
func KindOf(name string, c Config) (Kind, error) {
	d, ok := c.(Described)
	if !ok {
		return KindByName(name)
	}
	k, err := d.Kind()
	if err != nil {
		return Kind{}, err
	}
	return k.withDefaults(), nil
}

func describedKinds() []Kind {
	if describer == nil {
		return nil
	}
	var all []Kind
	for _, k := range describer.Kinds() {
		all = append(all, k.withDefaults())
	}
	return all
}

func describedBy(name string) (Kind, bool, error) {
	if describer == nil {
		return Kind{}, false, nil
	}
	k, found, err := describer.Find(name)
	switch {
	case err != nil || !found:
		return Kind{}, found, err
	case slices.ContainsFunc(kinds, func(other Kind) bool { return other.Name == k.Name }):
		return Kind{}, true, fmt.Errorf("%s: a part of Faultline is called %q already: choose another name", name, k.Name)
	}
	return k.withDefaults(), true, nil
}

package catalog

import (
	"fmt"
	"slices"
	"strings"

	"faultline/checker/clocks"
	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/checker/order"
	"faultline/checker/txn/models"
	"faultline/internal/nearest"
)

// ConsistencyModels are all that a history can be asked to keep: those of registers, by their names in package ladder, levels of isolation, and
// models of broadcasts. A name that two of them have stands for either, as the operations want it.
func ConsistencyModels() (names []string) {
	for _, family := range families {
		for _, name := range family.all() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// KnownConsistencyModel refuses a name that stands for no consistency model of any operations.
func KnownConsistencyModel(name string) error {
	if name == everyModel {
		return nil
	}
	for _, family := range families {
		if _, err := family.known(name); err == nil {
			return nil
		}
	}
	return fmt.Errorf("unknown consistency model %q; %s", name, nearest.Hint(name, append(ConsistencyModels(), everyModel), "there are"))
}

// everyModel stands for all models that the operations can be judged by.
const everyModel = "all"

// ConsistencyModels are the consistency models with these names, by the names that the entry's operations are judged by. It refuses those that
// are about other operations.
func (e Entry) ConsistencyModels(names []string) ([]string, error) {
	family := RegisterModels
	switch {
	case len(names) == 0:
		return nil, nil
	case e.Levels != nil:
		family = e.family
	case e.Name != linear.Register().Name() && e.Name != linear.CASRegister().Name():
		return nil, fmt.Errorf("the operations are those of a %s; consistency models are decided for registers, for transactions that append or write each value once, for broadcasts, and for clocks", e.Name)
	}
	found, err := family.Models(names)
	if err != nil {
		return nil, fmt.Errorf("the operations are those of a %s: %w", e.Name, err)
	}
	return found, nil
}

// Family is the consistency models that operations of one kind are judged by.
type Family struct {
	noun  string // what one of them is called
	all   func() []string
	known func(name string) (string, error) // the name of the model that has this name, among others
}

// RegisterModels are those of package ladder, IsolationLevels those of package checker/txn/models, BroadcastModels those of package
// checker/order, and Clocks those of package checker/clocks.
var (
	RegisterModels = Family{"model of registers", ladder.Names, func(name string) (string, error) {
		m, err := ladder.ModelByName(name)
		return m.Name, err
	}}
	IsolationLevels = Family{"level of isolation", models.Names, func(name string) (string, error) {
		m, err := models.ByName(name)
		return m.Name, err
	}}
	Clocks          = Family{"clock", clocks.Names, clocks.Known}
	BroadcastModels = Family{"model of broadcasts", order.Names, func(name string) (string, error) {
		m, err := order.ModelByName(name)
		return m.Name, err
	}}
)

var families = []Family{RegisterModels, IsolationLevels, BroadcastModels, Clocks}

// Models are the models of the family with these names, each once; "all" stands for every one. The error says which name is of none, and what
// was probably meant.
func (f Family) Models(names []string) ([]string, error) {
	if slices.Contains(names, everyModel) {
		return f.all(), nil
	}
	var found []string
	for _, name := range names {
		model, err := f.known(name)
		switch {
		case err != nil && KnownConsistencyModel(name) == nil:
			return nil, fmt.Errorf("%s is no %s; there are %s", name, f.noun, strings.Join(f.all(), ", "))
		case err != nil:
			return nil, err
		}
		if !slices.Contains(found, model) {
			found = append(found, model)
		}
	}
	return found, nil
}

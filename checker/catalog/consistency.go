package catalog

import (
	"fmt"
	"slices"
	"strings"

	"faultline/checker/ladder"
	"faultline/checker/linear"
	"faultline/checker/txn/models"
	"faultline/internal/nearest"
)

// ConsistencyModels are all that a history can be asked to keep: those of registers, by their names in package ladder, and levels of isolation.
// A name that both have stands for either, as the operations want it.
func ConsistencyModels() []string {
	names := ladder.Names()
	for _, name := range models.Names() {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// KnownConsistencyModel refuses a name that stands for no consistency model of any operations.
func KnownConsistencyModel(name string) error {
	if _, err := ladder.ModelByName(name); err == nil || name == everyModel {
		return nil
	}
	if _, err := models.ByName(name); err == nil {
		return nil
	}
	return fmt.Errorf("unknown consistency model %q; %s", name, nearest.Hint(name, append(ConsistencyModels(), everyModel), "there are"))
}

// everyModel stands for all models that the operations can be judged by.
const everyModel = "all"

// ConsistencyModels are the consistency models with these names, by the names that the entry's operations are judged by. It refuses those that
// are about other operations.
func (e Entry) ConsistencyModels(names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	all, find := ladder.Names(), func(name string) (string, error) {
		m, err := ladder.ModelByName(name)
		return m.Name, err
	}
	switch {
	case e.Levels != nil:
		all, find = models.Names(), func(name string) (string, error) {
			m, err := models.ByName(name)
			return m.Name, err
		}
	case e.Name != linear.Register().Name() && e.Name != linear.CASRegister().Name():
		return nil, fmt.Errorf("the operations are those of a %s; consistency models are decided for registers, and for transactions that append or write each value once", e.Name)
	}
	if slices.Contains(names, everyModel) {
		return all, nil
	}
	var found []string
	for _, name := range names {
		known, err := find(name)
		switch {
		case err != nil && KnownConsistencyModel(name) == nil:
			return nil, fmt.Errorf("the operations are those of a %s: %s is not for these; there are %s", e.Name, name, strings.Join(all, ", "))
		case err != nil:
			return nil, fmt.Errorf("the operations are those of a %s: %w", e.Name, err)
		}
		if !slices.Contains(found, known) {
			found = append(found, known)
		}
	}
	return found, nil
}

// Package claims searches counter-examples to what a kind of system says of its modes: that a mode keeps its model unless certain
// faults happen, that these faults do break it, and that some models are kept whatever happens.
//
// A search that finds nothing has proved nothing. Its result does not depend on how many worlds run at once: the same build finds
// the same. The caller must have called world.Child in main.
package claims

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/nemesis"
	"faultline/world"
)

// Search says where to look: in worlds of a spec, whose system it is about. Its mode, faults and seed are those of each case.
type Search struct {
	Spec  world.Spec
	Seeds uint64 // of each case
	Pool  trial.Pool
}

// Case is a mode under faults: those of some families, drawn from each seed, or those of a scenario.
type Case struct {
	Mode     cluster.Mode
	Families []string          // none for no faults
	Scenario *cluster.Scenario // in place of families; nil for none
}

// String names a case: "leader under crash".
func (c Case) String() string {
	switch {
	case c.Scenario != nil:
		return fmt.Sprintf("%s under %q", c.Mode.Name, strings.TrimSpace(c.Scenario.Schedule))
	case len(c.Families) == 0:
		return c.Mode.Name + " under no faults"
	default:
		return c.Mode.Name + " under " + strings.Join(c.Families, ",")
	}
}

// Counterexample is the run that refutes a claim.
type Counterexample struct {
	Seed uint64
	// Broken says what: a model, by its name, or whatever else a verdict has parts for.
	Broken string
	Reason string
}

// Withstood are the cases in which a mode claims to keep its model: without faults, under each family that a correct system survives and
// that does not break the claim, and under all of these at once.
func Withstood(kind cluster.Kind, mode cluster.Mode) []Case {
	families, _ := nemesis.ParseFamilies("all", kind.Suffers) // all is never wrong
	families = slices.DeleteFunc(families, func(f string) bool { return slices.Contains(mode.BrokenBy, f) })
	cases := []Case{{Mode: mode}}
	for _, f := range families {
		cases = append(cases, Case{Mode: mode, Families: []string{f}})
	}
	return append(cases, Case{Mode: mode, Families: families})
}

// Survived is the case of all families at once. Under them a mode keeps what it keeps whatever happens.
func Survived(kind cluster.Kind, mode cluster.Mode) Case {
	families, _ := nemesis.ParseFamilies("all", kind.Suffers)
	return Case{Mode: mode, Families: families}
}

// Refute searches a run that is invalid where it must keep the models, and returns the one of the lowest seed; nil if there is none. A model
// that is not kept, and anything else that is wrong with a run, refutes alike.
func (s Search) Refute(ctx context.Context, c Case, models []string) (*Counterexample, error) {
	spec, schedule := s.Spec, ""
	spec.Mode, spec.Nemesis, spec.Options.ConsistencyModels = c.Mode.Name, c.Families, models
	if c.Scenario != nil {
		spec, schedule = spec.Staged(*c.Scenario), c.Scenario.Schedule
	}
	var found *Counterexample
	err := trial.InOrder(ctx, s.Pool.Size(), numbers(s.Seeds),
		func(ctx context.Context, seed uint64) (*trial.Trial, error) {
			one := spec
			one.Seed = seed
			in, err := trial.Draw(one, schedule)
			if err != nil {
				return nil, err
			}
			return s.Pool.Runner.Run(ctx, in)
		},
		func(run *trial.Trial) error {
			if found = refuted(run); found != nil {
				return trial.ErrEnough
			}
			return nil
		})
	if err != nil && !errors.Is(err, trial.ErrEnough) {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	return found, nil
}

// refuted is what is wrong with a run; nil if nothing is.
func refuted(run *trial.Trial) *Counterexample {
	for _, part := range run.Verdict.Parts {
		if part.Validity != checker.Invalid {
			continue
		}
		broken := part.Name
		for _, f := range part.Findings {
			if f.Validity == checker.Invalid {
				broken = f.Rule
				break
			}
		}
		return &Counterexample{Seed: run.Seed, Broken: broken, Reason: part.Reason}
	}
	return nil
}

// numbers are 1 to n.
func numbers(n uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i := range n {
			if !yield(i + 1) {
				return
			}
		}
	}
}

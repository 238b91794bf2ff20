// Package compare runs the same seeds and schedules for several ways to use a store, and says which consistency models
// each of them kept, and at what cost.
//
// The result does not depend on how many trials run at once: the same comparison gives the same bytes. The caller must give
// a valid comparison and a runner whose checks get the time of the comparison, and must have called world.Child in main.
package compare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"faultline/campaign/trial"
	"faultline/checker/txn/models"
	"faultline/results"
	"faultline/world"
)

// Comparison says what is compared: each setup runs the same seeds and the same schedules.
type Comparison struct {
	Spec         world.Spec // its seed is the first; read level, faults and nodes are those of setups and conditions
	Noun         string     // what people call what is compared; that of the spec's system if it is empty
	Count        int        // runs of each setup under each condition
	Setups       []Setup
	Conditions   []Condition
	CheckTimeout time.Duration // for the models of each run
	// Command returns the command line that shows a run of a setup under a condition again. It may be nil.
	Command func(Setup, Condition, world.Spec) string
	// Settings are told to people as they are.
	Settings []results.Setting
	// Told is called after every run, from one goroutine at a time. It may be nil.
	Told func(trial.Progress)
}

// ErrRealTime means that a comparison was asked for in real time, where the same seed is not the same run twice.
var ErrRealTime = errors.New("levels are compared in virtual time")

// Validate reports what is wrong with a comparison.
func (c *Comparison) Validate() error {
	if c.Spec.Clock == world.Real {
		return ErrRealTime
	}
	switch {
	case c.Count < 1:
		return fmt.Errorf("test count %d: give 1 or more", c.Count)
	case c.CheckTimeout <= 0:
		return fmt.Errorf("check timeout %v: give more than 0", c.CheckTimeout)
	}
	if _, err := c.judge(); err != nil {
		return err
	}
	for _, row := range c.rows() {
		err := row.spec.Validate()
		if err == nil {
			err = trial.CheckFaults(row.spec, row.condition.Schedule, row.condition.ScheduleFile)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", row.setup.Name, err)
		}
	}
	return nil
}

// anomaliesOf are the anomalies that were found in some rows, the ones that refute most first.
func anomaliesOf(rows []*row) []string {
	all := map[string]bool{}
	for _, r := range rows {
		maps.Copy(all, r.found)
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(models.Refuted(b).Names()), len(models.Refuted(a).Names())), cmp.Compare(a, b))
	})
}

func (c *Comparison) judge() (judge, error) {
	spec, err := c.Spec.WithDefaults()
	if err != nil {
		return nil, err
	}
	return judgeOf(spec, c.CheckTimeout)
}

// noun is what people call a row: a read level is a level.
func (c *Comparison) noun() string {
	kind, err := c.Spec.Kind()
	switch {
	case c.Noun != "":
		return c.Noun
	case err != nil:
		return ""
	}
	return kind.ModeNoun[strings.LastIndex(kind.ModeNoun, " ")+1:]
}

// roundTrip is how long a message and its answer take in all setups; 0 if that differs.
func (c *Comparison) roundTrip() time.Duration {
	trip := c.Setups[0].Spec(c.Spec).RoundTrip()
	for _, s := range c.Setups[1:] {
		if s.Spec(c.Spec).RoundTrip() != trip {
			return 0
		}
	}
	return trip
}

// Compare runs all of it and stores what came of it in dir. When the context ends while trials run, the error is its
// cause and nothing is stored. When it ends while runs are stored, those that are left have no directory.
func (c *Comparison) Compare(ctx context.Context, pool trial.Pool, dir *results.Campaign) (*results.Comparison, error) {
	rows := c.rows()
	judge, err := c.judge()
	if err != nil {
		return nil, err
	}
	if err := c.runAll(ctx, pool, rows); err != nil {
		return nil, err
	}
	all := &results.Comparison{Settings: c.Settings, Runs: c.Count, Models: judge.models()}
	perTable := len(c.Setups)
	for i, condition := range c.Conditions {
		table := results.ComparisonTable{Condition: condition.Name, Schedule: condition.Schedule, Noun: c.noun(),
			RoundTrip: c.roundTrip()}
		group := rows[i*perTable : (i+1)*perTable]
		table.Anomalies = anomaliesOf(group)
		for _, r := range group {
			row, err := r.sum(ctx, dir, table.Anomalies)
			if err != nil {
				return nil, err
			}
			table.Rows = append(table.Rows, row)
			if r.setup.Kind.Name != group[0].setup.Kind.Name {
				continue // other designs hardly answer two operations alike
			}
			if d, ok := diverge(group[0].first, r.first); ok {
				d.Setup, d.Seed = r.setup.Name, c.Spec.Seed
				table.Divergences = append(table.Divergences, d)
			}
		}
		all.Tables = append(all.Tables, table)
	}
	return all, nil
}

// rows are the setups under each condition, in the order in which they are shown.
func (c *Comparison) rows() []*row {
	judge, _ := c.judge() // Validate refuses a comparison without one
	var rows []*row
	for _, condition := range c.Conditions {
		for _, setup := range c.Setups {
			spec := setup.Spec(c.Spec)
			condition.apply(&spec)
			rows = append(rows, &row{comparison: c, condition: condition, setup: setup, spec: spec, judge: judge, keeps: setup.Keeps(),
				found: map[string]bool{}, aborts: map[string]int{}})
		}
	}
	return rows
}

// runAll runs every seed of every row, several at once.
func (c *Comparison) runAll(ctx context.Context, pool trial.Pool, rows []*row) error {
	meter := trial.NewMeter(trial.Progress{Count: c.Count * len(rows)}, c.Told)
	return trial.AsTheyEnd(ctx, pool.Size(), c.tasks(rows), func(ctx context.Context, t task) (*judged, error) {
		run, err := t.run(ctx, pool.Runner)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.row.setup.Name, err)
		}
		return run, nil
	}, func(run *judged) error {
		meter.Count(run.row.add(run))
		return nil
	})
}

// task is one seed of a row.
type task struct {
	row  *row
	seed uint64
}

func (c *Comparison) tasks(rows []*row) iter.Seq[task] {
	return func(yield func(task) bool) {
		for _, r := range rows {
			for i := range c.Count {
				if !yield(task{r, c.Spec.Seed + uint64(i)}) {
					return
				}
			}
		}
	}
}

// Package hermitage shows which anomalies of transactions each mode of a system lets occur, and how it prevents the others: Martin
// Kleppmann's Hermitage (https://github.com/ept/hermitage), with the waiting and the verdict made exact by virtual time and a checker.
//
// The cases are those of workloads.Anomalies. All of them are run in one world for each mode. Whether an anomaly has occurred is decided by
// package checker/txn from the history of the case alone, and not by what the transactions were expected to see. The caller must have
// called world.Child in main.
package hermitage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/workloads"
	"faultline/world"
)

// Table has a row for each case and a column for each mode.
type Table struct {
	System string   `json:"system"`
	Modes  []Column `json:"modes"`
}

// Column is what comes of all cases in a mode.
type Column struct {
	Mode  string `json:"mode"`
	Model string `json:"model,omitempty"` // the level of isolation that it claims; empty if it claims none
	Cells []Cell `json:"cells"`           // in the order of workloads.Anomalies
}

// Cell is what comes of a case in a mode.
type Cell struct {
	Case    string  `json:"case"`
	Outcome Outcome `json:"outcome"`
	// Permitted says that the claim of the mode does not forbid the anomaly; so does a mode that claims no level of isolation.
	Permitted bool `json:"permitted"`
	// Found is what was found in the history of the case, as in package checker/txn/models: the anomaly of the case if it has occurred, and
	// what comes with it. Of orders in real time, which no case is about, nothing is told.
	Found    []string `json:"found,omitempty"`
	Sentence string   `json:"sentence,omitempty"` // how it has occurred, or why it is not known
	Acts     []Act    `json:"acts"`
}

// Broken reports whether an anomaly has occurred that the mode claims to forbid.
func (c Cell) Broken() bool { return c.Outcome == Occurs && !c.Permitted }

// Outcome is whether an anomaly has occurred and, if not, what has prevented it. If several things have, the last one counts.
type Outcome string

const (
	Unknown Outcome = "unknown"
	Occurs  Outcome = "occurs"
	Older   Outcome = "r<"     // reads see an earlier version
	Waits   Outcome = "waits"  // a step waits until the other transaction has ended
	Aborts  Outcome = "aborts" // the store aborts a transaction
)

// Spec is the spec of the worlds for a system.
func Spec(kind cluster.Kind) world.Spec {
	return world.Spec{Seed: 1, System: kind.Argument, Nodes: kind.Nodes, Config: kind.Config(), Workload: Workload, Clock: world.Virtual,
		TimeLimit: 10 * time.Minute, Interval: time.Second, Rate: 1, Concurrency: 1}
}

// Workload is the name of the workload of the cases.
const Workload = "hermitage"

// Run runs the cases in some modes of the system of a spec.
func Run(ctx context.Context, pool trial.Pool, spec world.Spec, modes []cluster.Mode) (*Table, error) {
	table := &Table{System: spec.System}
	err := trial.InOrder(ctx, pool.Size(), slices.Values(modes), func(ctx context.Context, mode cluster.Mode) (Column, error) {
		return column(ctx, pool.Runner, spec, mode)
	}, func(c Column) error {
		table.Modes = append(table.Modes, c)
		return nil
	})
	return table, err
}

func column(ctx context.Context, runner trial.Runner, spec world.Spec, mode cluster.Mode) (Column, error) {
	spec.Mode = mode.Name
	in, err := trial.Draw(spec, "")
	if err != nil {
		return Column{}, err
	}
	run, err := runner.Run(ctx, in)
	if err != nil {
		return Column{}, fmt.Errorf("%s: %w", mode.Name, err)
	}
	column := Column{Mode: mode.Name}
	if level, err := models.ByName(mode.Model); err == nil {
		column.Model = level.Name
	}
	h, err := run.History.History()
	if err != nil {
		return Column{}, fmt.Errorf("%s: %w", mode.Name, err)
	}
	for _, a := range workloads.Anomalies() {
		column.Cells = append(column.Cells, cell(ctx, a, column.Model, h.Events))
	}
	return column, ctx.Err()
}

// cell judges a case by the history of its world.
func cell(ctx context.Context, a workloads.Anomaly, level string, events []history.Event) Cell {
	c := Cell{Case: a.Name, Permitted: Permits(level, a), Acts: acts(a, events)}
	whole := transactions(a, events)
	part := txn.ListAppend(models.StrictSerializable).Check(ctx, checker.Input{Operations: whole}, checker.Options{})
	shown := -1
	for i, f := range part.Findings {
		found := txn.AnomalyOf(f)
		if f.Validity != checker.Invalid || found == "" || models.LevelOf(found) != models.Data {
			continue
		}
		c.Found = append(c.Found, found)
		if shown < 0 && isCase(a, found) {
			shown = i
		}
	}
	switch {
	case shown >= 0:
		c.Outcome, c.Sentence = Occurs, inTermsOf(a, events, part.Findings[shown].Sentence)
	case part.Validity == checker.Unknown:
		c.Outcome, c.Sentence = Unknown, part.Reason
	default:
		c.Outcome, c.Sentence = prevented(c.Acts, whole)
	}
	return c
}

// Permits reports whether a level of isolation, by its name in package models, does not forbid the anomaly of a case. Without a name all is permitted.
func Permits(level string, a workloads.Anomaly) bool {
	if level == "" {
		return true
	}
	forbidden := models.Forbidden(models.Of(level))
	return !slices.ContainsFunc(a.Is, func(is string) bool { return slices.Contains(forbidden, is) })
}

// isCase reports whether an anomaly is that of a case, or a special form of it.
func isCase(a workloads.Anomaly, found string) bool {
	return slices.ContainsFunc(a.Is, func(is string) bool { return models.Covers(found, is) })
}

// transactions are those of a case, as a history of their own.
func transactions(a workloads.Anomaly, events []history.Event) []history.Operation {
	all, err := history.Operations(events)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(op history.Operation) bool {
		steps, err := ops.DecodeSteps(op.Input)
		return op.F != ops.Txn || err != nil || len(steps) == 0 || !strings.HasPrefix(steps[0].Key, a.Keys())
	})
}

// prevented says what has prevented an anomaly, or why it is not known whether anything has.
func prevented(acts []Act, whole []history.Operation) (Outcome, string) {
	if len(whole) == 0 {
		return Unknown, "the case was not run"
	}
	for _, op := range []history.Operation{whole[0], whole[len(whole)-1]} {
		if op.Outcome != history.OK {
			return Unknown, fmt.Sprintf("what is written before, or read after, was not: %s", op.Reason())
		}
	}
	outcome := Older
	for _, act := range acts {
		switch {
		case act.Type == history.Info:
			return Unknown, fmt.Sprintf("nobody knows what came of %s: %s", act.Line, act.Error)
		case act.Type == history.Fail && act.Error != "":
			return Aborts, act.Error
		case act.Waited():
			outcome = Waits
		}
	}
	return outcome, ""
}

package compare

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/checker/ladder"
	"faultline/checker/order"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
	"faultline/cluster/ops"
	"faultline/history"
	"faultline/workloads"
	"faultline/world"
)

// judge says which models a run has kept.
type judge interface {
	// models are those that it is asked about, the stronger before the weaker.
	models() []string
	// answer judges the operations of a run that has some.
	answer(ctx context.Context, run *judged)
	// parts are those of the verdict that it answers itself.
	parts() []string
}

// answer is whether a history keeps a model, or has an anomaly.
type answer struct {
	name                  string
	validity              checker.Validity
	rule, reason, picture string // of what refutes it
}

// judgeOf is the judge of a workload. The error says that there is none.
func judgeOf(spec world.Spec, timeout time.Duration) (judge, error) {
	w, ok := workloads.ByName(spec.Workload)
	switch {
	case !ok || w.Models == workloads.RegisterModels:
		return ofRegisters{timeout}, nil
	case w.Models == workloads.IsolationLevels:
		if j := (ofTransactions{timeout, w}); j.checker() != nil {
			return j, nil
		}
	case w.Models == workloads.BroadcastModels:
		return ofBroadcasts{timeout}, nil
	case w.Models == workloads.EventualModel:
		return eventually{timeout, w}, nil
	}
	return nil, fmt.Errorf("workload %s: what is compared are consistency models of registers, as in the workload register, "+
		"levels of isolation, as in the workload list-append, models of broadcasts, and eventual consistency, as in the workload set", w.Name)
}

// ofRegisters judges registers, by the ladder.
type ofRegisters struct{ timeout time.Duration }

func (ofRegisters) models() []string { return ladder.Names() }

func (ofRegisters) parts() []string { return []string{checker.LinearizablePart} }

func (j ofRegisters) answer(ctx context.Context, run *judged) {
	for _, r := range ladder.Check(run.ops, ladder.Names(), ladder.Options{Timeout: j.timeout, Done: ctx.Done(), Settled: run.Ending.Settled,
		Staleness: run.row.spec.Staleness()}) {
		a := answer{name: r.Model, validity: r.Validity, reason: r.Reason}
		if r.Violation != nil {
			a.rule, a.picture = r.Violation.Anomaly, r.Violation.Picture
		}
		run.answers = append(run.answers, a)
	}
	run.measures = ladder.Measure(run.ops)
}

// ofTransactions judges transactions, by the anomalies that they show.
type ofTransactions struct {
	timeout  time.Duration
	workload workloads.Info
}

// checker looks for all anomalies. It is nil if the workload has rules of its own for its transactions.
func (j ofTransactions) checker() checker.Checker {
	w := j.workload.Open(workloads.Options{ConsistencyModels: []string{models.StrictSerializable}})
	for _, c := range w.Checkers() {
		if c.Name() == txn.Part {
			return c
		}
	}
	return nil
}

// models are the levels that stores have. There are more, which differ less.
func (ofTransactions) models() []string {
	return []string{models.StrictSerializable, models.Serializable, models.SnapshotIsolation, models.RepeatableRead, models.ReadCommitted, models.ReadUncommitted}
}

func (ofTransactions) parts() []string { return []string{txn.Part} }

func (j ofTransactions) answer(ctx context.Context, run *judged) {
	part := j.checker().Check(ctx, checker.Input{Operations: run.ops}, checker.Options{Timeout: j.timeout, Done: ctx.Done()})
	for _, f := range part.Findings {
		if name := txn.AnomalyOf(f); f.Validity == checker.Invalid && name != "" {
			run.anomalies = append(run.anomalies, answer{name, checker.Invalid, f.Anomaly, f.String(), f.Picture})
		}
	}
	for _, level := range j.models() {
		run.answers = append(run.answers, run.level(level, part))
	}
	run.aborts = aborts(run.ops)
}

// level is the answer about a level of isolation. A check that was cut off, or could not read everything, refutes what it has found and
// proves nothing.
func (run *judged) level(level string, part checker.Part) answer {
	forbidden := models.Forbidden(models.Of(level))
	for _, a := range run.anomalies {
		if slices.Contains(forbidden, a.name) {
			return answer{level, checker.Invalid, a.rule, a.reason, a.picture}
		}
	}
	for _, f := range part.Findings {
		if f.Validity == checker.Unknown {
			return answer{name: level, validity: checker.Unknown, reason: f.Sentence}
		}
	}
	return answer{name: level, validity: checker.Valid}
}

// ofBroadcasts judges what nodes deliver.
type ofBroadcasts struct{ timeout time.Duration }

func (ofBroadcasts) models() []string { return order.Names() }

func (ofBroadcasts) parts() []string { return []string{order.Part} }

func (j ofBroadcasts) answer(ctx context.Context, run *judged) {
	in := checker.Input{Operations: run.ops, Report: &run.Report, Ending: run.Ending}
	for _, model := range j.models() {
		part := order.Checker(model).Check(ctx, in, checker.Options{Timeout: j.timeout, Done: ctx.Done()})
		a := answer{name: model, validity: part.Validity, reason: part.Reason}
		for _, f := range part.Findings {
			if a.rule == "" && f.Validity == part.Validity {
				a.rule, a.picture = f.Rule, f.Picture
			}
		}
		run.answers = append(run.answers, a)
	}
}

// eventually judges by the rules of a workload that can be held to eventual consistency.
type eventually struct {
	timeout  time.Duration
	workload workloads.Info
}

func (j eventually) checkers() []checker.Checker {
	return j.workload.Open(workloads.Options{ConsistencyModels: j.models()}).Checkers()
}

func (eventually) models() []string { return []string{ladder.Eventual} }

func (j eventually) parts() (names []string) {
	for _, c := range j.checkers() {
		names = append(names, c.Name())
	}
	return names
}

func (j eventually) answer(ctx context.Context, run *judged) {
	in := checker.Input{Operations: run.ops, Report: &run.Report, Ending: run.Ending}
	a := answer{name: ladder.Eventual, validity: checker.Valid}
	for _, c := range j.checkers() {
		part := c.Check(ctx, in, checker.Options{Timeout: j.timeout, Done: ctx.Done()})
		if merged := checker.Merge(a.validity, part.Validity); merged != a.validity {
			a.validity, a.reason, a.rule = merged, part.Reason, part.Name
			if len(part.Findings) > 0 {
				a.rule, a.picture = part.Findings[0].Rule, part.Findings[0].Picture
			}
		}
	}
	run.answers = append(run.answers, a)
}

// aborts count the transactions that failed, by the reason: the first words of the error. Single steps do not count.
func aborts(all []history.Operation) map[string]int {
	counts := map[string]int{}
	for i := range all {
		if all[i].F == ops.Txn && all[i].Outcome == history.Fail {
			reason, _, _ := strings.Cut(all[i].Reason(), ":")
			counts[reason]++
		}
	}
	return counts
}

// judged is a trial with what the judge says.
type judged struct {
	*trial.Trial
	row       *row
	ops       []history.Operation
	answers   []answer // one for each model
	anomalies []answer // of transactions
	aborts    map[string]int
	measures  ladder.Measures // of registers
}

// run runs one seed.
func (t task) run(ctx context.Context, runner trial.Runner) (*judged, error) {
	spec := t.row.spec
	spec.Seed = t.seed
	in, err := t.row.condition.draw(spec)
	if err != nil {
		return nil, err
	}
	run, err := runner.Run(ctx, in)
	if err != nil {
		return nil, err
	}
	j := &judged{Trial: run, row: t.row}
	all, err := run.History.AllOperations()
	if err != nil || len(all) == 0 {
		return j, nil // the world crashed, or the verdict says what is wrong with the history
	}
	j.ops = ops.OnObjects(all)
	t.row.judge.answer(ctx, j)
	return j, ctx.Err() // models that were cut short have no answer
}

package txn

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
	"faultline/internal/wording"
)

// Part is the name of the part that the checkers make.
const Part = "transactions"

// ListAppend asks whether transactions that append to lists and read them keep all of these levels of isolation, by their names in
// package models: strict-serializable if none is named.
func ListAppend(levels ...string) checker.Checker { return newTransactions(record.ListAppend, levels) }

// RWRegister asks the same of transactions that write and read registers.
func RWRegister(levels ...string) checker.Checker { return newTransactions(record.RWRegister, levels) }

// transactions is a checker.
type transactions struct {
	model record.Model
	asked models.Set
}

func newTransactions(model record.Model, levels []string) transactions {
	if len(levels) == 0 {
		levels = []string{models.StrictSerializable}
	}
	return transactions{model, models.Of(levels...)}
}

// Name implements checker.Checker.
func (transactions) Name() string { return Part }

// Check implements checker.Checker.
func (c transactions) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	part := checker.Part{Name: Part, Model: c.model.String(), Operations: len(in.Operations)}
	o = o.WithDefaults()
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	if o.Done != nil {
		go func() {
			select {
			case <-o.Done:
				cancel()
			case <-ctx.Done():
			}
		}()
	}
	a := analyze(c.model, in.Operations, c.asked, o, ctx.Done())
	if a == nil {
		return part.Judged([]checker.Finding{c.late()}, "")
	}
	part = part.Judged(c.findings(a), c.kept(a))
	part.Stage = wording.List(a.stages, "and")
	if part.Validity != checker.Valid {
		part.Reason += c.left(a)
	}
	return part
}

// late says that the time was up before anything was known.
func (c transactions) late() checker.Finding {
	return checker.Finding{Rule: c.rule(c.asked), Validity: checker.Unknown, Bound: checker.TimeBound,
		Sentence: "the time was up before all transactions were read"}
}

// findings are the anomalies that one of the asked models forbids, one of each kind, and what keeps the others from being decided.
func (c transactions) findings(a *analysis) []checker.Finding {
	var all []checker.Finding
	for _, e := range a.examples {
		f := a.finding(e)
		if validity, ok := a.judged(e.anomaly); ok {
			f.Rule, f.Validity = integrity, validity
			all = append(all, f)
		} else if broken := e.refuted() & c.asked; broken != 0 && !a.redundant(&e) {
			f.Rule = c.rule(broken)
			all = append(all, f)
		}
	}
	all = slices.Concat(all, a.malformed(), c.undecided(a))
	if slices.ContainsFunc(all, func(f checker.Finding) bool { return f.Validity == checker.Unknown || f.Rule == integrity }) {
		return all // what is malformed was left out, so nothing else is certain
	}
	return append(all, a.decide(c.asked&^a.refuted())...)
}

// rule names the weakest of some models.
func (c transactions) rule(broken models.Set) string {
	weakest := models.Weakest(broken)
	return weakest[len(weakest)-1]
}

// undecided are the classes of cycles that were not looked for everywhere, as far as they matter.
func (c transactions) undecided(a *analysis) []checker.Finding {
	var all []checker.Finding
	refuted := a.refuted()
	for _, u := range a.unsearched {
		if open := models.Refuted(u.Class.Anomaly()) & c.asked &^ refuted; open != 0 {
			refuted |= open
			all = append(all, checker.Finding{Rule: c.rule(open), Validity: checker.Unknown, Bound: checker.TimeBound,
				Sentence: fmt.Sprintf("%s was not looked for everywhere: %s depend on each other", u.Class.Anomaly(), wording.Count(u.Component, "transaction"))})
		}
	}
	return all
}

// kept is what is said of a history that keeps the asked models.
func (c transactions) kept(a *analysis) string {
	keep := "keep"
	if len(a.ops) == 1 {
		keep = "keeps"
	}
	text := fmt.Sprintf("%s %s %s", wording.Count(len(a.ops), "transaction"), keep, wording.List(c.asked.Names(), "and"))
	if found := a.anomalies(); len(found) > 0 {
		text += "; what they show is permitted: " + wording.List(found, "and") + c.left(a)
	}
	return text
}

// left says what the anomalies refute, and what is left.
func (c transactions) left(a *analysis) string {
	refuted := a.refuted()
	if refuted == 0 {
		return ""
	}
	text := "; refuted: " + strings.Join(models.Weakest(refuted), ", ") + " and what is stronger"
	if left := models.Strongest(refuted | models.Beyond(a.level)); len(left) > 0 {
		text += "; left: " + strings.Join(left, ", ")
	}
	return text
}

package workloads

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/checker/txn/models"
	"faultline/internal/wording"
)

// isolation is what transactions are held to: some models, by their names in package models. None stands for what forbids everything.
type isolation []string

// forbids reports whether an anomaly refutes one of the models.
func (held isolation) forbids(anomaly string) bool {
	return len(held) == 0 || slices.Contains(models.Forbidden(models.Of(held...)), anomaly)
}

// unlessPermitted is a checker of what follows from a level of isolation and not from weaker ones: that a bank adds up, say. What it
// finds is no violation if it comes of an anomaly that none of the models forbids. The anomalies are those of package models, by the kinds
// of findings.
func (held isolation) unlessPermitted(c checker.Checker, anomalies map[string]string) checker.Checker {
	p := permitting{Checker: c, held: held, kinds: map[string]bool{}}
	for kind, anomaly := range anomalies {
		p.kinds[kind] = !held.forbids(anomaly)
	}
	if !slices.Contains(slices.Collect(maps.Values(p.kinds)), true) {
		return c
	}
	return p
}

// permitting drops findings of kinds that are permitted.
type permitting struct {
	checker.Checker
	held  isolation
	kinds map[string]bool
}

func (p permitting) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	part := p.Checker.Check(ctx, in, o)
	permitted := map[string]int{}
	left := slices.DeleteFunc(slices.Clone(part.Findings), func(f checker.Finding) bool {
		drop := f.Validity == checker.Invalid && p.kinds[f.Kind()]
		if drop {
			permitted[cmp.Or(f.Anomaly, f.Rule)]++
		}
		return drop
	})
	if len(permitted) == 0 {
		return part
	}
	var told []string
	for _, what := range slices.Sorted(maps.Keys(permitted)) {
		told = append(told, wording.Count(permitted[what], what))
	}
	return part.Judged(left, fmt.Sprintf("%s, which %s permits", strings.Join(told, ", "), strings.Join(p.held, ", ")))
}

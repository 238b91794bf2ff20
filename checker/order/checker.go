package order

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"faultline/checker"
	"faultline/checker/internal/cases"
	"faultline/checker/internal/intime"
	"faultline/cluster/report"
	"faultline/history"
	"faultline/internal/timebound"
	"faultline/internal/wording"
)

// Part is the name of the part.
const Part = "order"

// Checker asks whether what nodes deliver keeps some models, by their names.
func Checker(models ...string) checker.Checker { return deliveries{models, rules(models), true} }

// InProgress is Checker for a history that does not tell when all was settled. It does not ask what is delivered in the end, that is validity and
// agreement.
func InProgress(models ...string) checker.Checker {
	ends := func(r Rule) bool { return r == Validity || r == Agreement }
	return deliveries{models, slices.DeleteFunc(rules(models), ends), false}
}

type deliveries struct {
	models []string
	rules  []Rule
	ends   bool // what is delivered in the end is asked
}

func (deliveries) Name() string { return Part }

func (d deliveries) Check(ctx context.Context, in checker.Input, o checker.Options) checker.Part {
	return intime.Judge(ctx, o, Part, func(clock *timebound.Clock) checker.Part { return d.judge(in, clock) })
}

func (d deliveries) judge(in checker.Input, clock *timebound.Clock) checker.Part {
	part := checker.Part{Name: Part, Operations: len(in.Operations)}
	r, err := read(in, clock)
	if err != nil {
		part.Reason = err.Error()
		return part
	}
	part.Objects = len(r.nodes)
	r.judge(d.rules, in.Report)
	delivered := 0
	for _, n := range r.nodes {
		delivered += len(n.delivered)
	}
	found := r.findings(d.rules)
	if delivered == 0 && len(found) == 0 {
		part.Reason = "no node was seen to deliver anything"
		return part
	}
	soFar := ""
	if !d.ends {
		soFar = " so far"
	}
	return part.Judged(found, fmt.Sprintf("what %s delivered of %s keeps %s%s%s", wording.Count(len(r.nodes), "node"),
		wording.Count(len(r.messages), "message"), strings.Join(d.models, ", "), soFar, r.inDoubt()))
}

// inDoubt says what became of broadcasts of which the client knows nothing.
func (r *record) inDoubt() string {
	doubts, delivered := 0, 0
	for i, m := range r.messages {
		if m.sent == none || r.operations[m.sent].Outcome != history.Info {
			continue
		}
		doubts++
		if slices.ContainsFunc(r.nodes, func(n *node) bool { return n.has(int32(i)) }) {
			delivered++
		}
	}
	if doubts == 0 {
		return ""
	}
	return fmt.Sprintf("; of %s with an unknown outcome %s delivered", wording.Count(doubts, "broadcast"), wording.Were(delivered))
}

// judge judges some rules. Those of repeated and of changed deliveries were when the history was read.
func (r *record) judge(rules []Rule, report *report.Report) {
	mortal := !slices.Contains(rules, Agreement)
	for _, rule := range rules {
		switch rule {
		case NoCreation:
			r.creation()
		case Validity:
			r.validity(mortal, report)
		case Agreement:
			r.agreement()
		case FIFOOrder:
			r.fifo()
		case CausalOrder:
			r.causal()
		case TotalOrder:
			r.total()
		}
	}
}

// broken notes that a rule is broken on a node, and which operations show it.
func (r *record) broken(rule Rule, on string, shown []int32, format string, args ...any) {
	r.cases.Broken(string(rule), on, cases.Among(r.operations, shown), format, args...)
}

// unknown notes that a rule cannot be judged.
func (r *record) unknown(rule Rule, on string, shown []int32, format string, args ...any) {
	r.cases.Unknown(string(rule), on, cases.Among(r.operations, shown), format, args...)
}

// findings are those about some rules, in their order.
func (r *record) findings(rules []Rule) []checker.Finding {
	place := func(f checker.Finding) int { return slices.Index(rules, Rule(f.Rule)) }
	found := slices.DeleteFunc(r.cases.Findings(), func(f checker.Finding) bool { return place(f) < 0 })
	slices.SortStableFunc(found, func(a, b checker.Finding) int { return place(a) - place(b) })
	return found
}

// diedAfter reports whether the process of a node died at a time or later, as far as the system has recorded it.
func diedAfter(r *report.Report, name string, op *history.Operation) bool {
	return slices.ContainsFunc(r.Track, func(t report.Transition) bool {
		return t.Node == name && t.Role == "down" && t.Time >= op.Invoke
	})
}

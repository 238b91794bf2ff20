package results

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"faultline/checker"
	"faultline/history/stats"
	"faultline/internal/wording"
)

// Baseline sets two campaigns or comparisons side by side.
type Baseline struct {
	Before, Now *Comparison
	Names       [2]string
	// MaxRegression is how many percent a cost may rise, and how many points a share may fall, before that counts as worse; 0 for any.
	MaxRegression float64
}

// Comparable reports whether both have a setup in common under the same condition.
func (b *Baseline) Comparable() bool { return len(b.pairs()) > 0 }

// pair is a setup under a condition, before and now.
type pair struct {
	title       string
	before, now *ComparisonRow
}

// pairs are the setups that are in both, under each condition that is in both.
func (b *Baseline) pairs() []pair {
	var all []pair
	for i := range b.Before.Tables {
		before := &b.Before.Tables[i]
		k := slices.IndexFunc(b.Now.Tables, func(t ComparisonTable) bool { return t.Condition == before.Condition })
		if k < 0 {
			continue
		}
		now := &b.Now.Tables[k]
		for j := range before.Rows {
			r := &before.Rows[j]
			if k := slices.IndexFunc(now.Rows, func(o ComparisonRow) bool { return o.Setup == r.Setup }); k >= 0 {
				all = append(all, pair{fmt.Sprintf("%s: %s", before.Condition, r.Setup), r, &now.Rows[k]})
			}
		}
	}
	return all
}

// Verdict is invalid if something is violated in more runs than before or costs too much more, and unknown if more runs than before
// were not decided or never ended.
func (b *Baseline) Verdict() checker.Validity {
	switch {
	case violations(b.Now) > violations(b.Before) || len(b.regressions()) > 0:
		return checker.Invalid
	case undecided(b.Now) > undecided(b.Before):
		return checker.Unknown
	default:
		return checker.Valid
	}
}

// undecided counts the runs of which it is not known whether they kept what was to be kept.
func undecided(c *Comparison) int {
	n := 0
	for i := range c.Tables {
		for j := range c.Tables[i].Rows {
			r := &c.Tables[i].Rows[j]
			n += c.Runs - r.Judged
			for _, model := range r.Keeps {
				n += r.Answer(model).Unknown
			}
			for _, f := range r.Failures {
				n += f.Unknown
			}
		}
	}
	return n
}

// regressions are the costs that are too much worse than before, in words.
func (b *Baseline) regressions() []string {
	if b.MaxRegression == 0 {
		return nil
	}
	var all []string
	for _, p := range b.pairs() {
		now := p.now.quantities()
		for _, was := range p.before.quantities() {
			k := slices.IndexFunc(now, func(o quantity) bool { return o.name == was.name })
			if k >= 0 && regression(was, now[k]) > b.MaxRegression {
				all = append(all, fmt.Sprintf("%s: %s was %s and is %s (%s)", p.title, was.name, was.text, now[k].text, change(was, now[k])))
			}
		}
	}
	return all
}

// regression is by how many percent a cost has risen, or by how many points a share has fallen.
func regression(was, is quantity) float64 {
	switch {
	case was.share:
		return 100 * (was.value - is.value)
	case was.cost && was.value > 0:
		return 100 * (is.value/was.value - 1)
	default:
		return 0
	}
}

// differences are the settings that are not the same before and now, in words.
func (b *Baseline) differences() []string {
	var all []string
	for _, was := range b.Before.Settings {
		k := slices.IndexFunc(b.Now.Settings, func(o Setting) bool { return o.Name == was.Name })
		if k >= 0 && b.Now.Settings[k].Value != was.Value {
			all = append(all, fmt.Sprintf("%s: %s before, %s now", was.Name, was.Value, b.Now.Settings[k].Value))
		}
	}
	return all
}

// violations counts the runs that refuted what was to be kept, or failed otherwise.
func violations(c *Comparison) int {
	n := 0
	for i := range c.Tables {
		for j := range c.Tables[i].Rows {
			r := &c.Tables[i].Rows[j]
			for _, a := range append(r.Broken(), r.Failures...) {
				n += a.Refuted
			}
		}
	}
	return n
}

// sideBySide lists what there is to compare of a setup. What did not change has nothing in its last column.
func (p pair) sideBySide() *table {
	g := &table{Title: p.title, Head: []string{"", "before", "now", "change"}}
	was, is := p.before.quantities(), p.now.quantities()
	for _, q := range was {
		k := slices.IndexFunc(is, func(o quantity) bool { return o.name == q.name })
		if k < 0 {
			continue
		}
		g.Rows = append(g.Rows, []string{q.name, q.text, is[k].text, change(q, is[k])})
	}
	return g
}

// quantity is one number of a row.
type quantity struct {
	name  string
	value float64
	text  string
	share bool // it is a share of one, of which more is better
	cost  bool // less is better
}

// change is by how much a quantity differs: shares in points, all others relatively.
func change(was, is quantity) string {
	switch {
	case was.value == is.value:
		return ""
	case was.share:
		return fmt.Sprintf("%+.2f points", 100*(is.value-was.value))
	case was.value == 0:
		return "new"
	default:
		return fmt.Sprintf("%+.1f %%", 100*(is.value/was.value-1))
	}
}

// quantities are all numbers of a row that can be compared.
func (r *ComparisonRow) quantities() []quantity {
	var all []quantity
	count := func(name string, n int) {
		all = append(all, quantity{name: name, value: float64(n), text: wording.Grouped(n)})
	}
	// The longest of all, and a quantile of so few that it is the longest, is left to chance: it is no cost.
	lasted := func(name string, l stats.Latency, d time.Duration) {
		all = append(all, quantity{name: name, value: float64(d), text: ifAny(l.Count, d), cost: d < l.Max})
	}
	part := func(name string, n, of int) {
		if of > 0 {
			all = append(all, quantity{name: name, value: float64(n) / float64(of), text: share(n, of), share: true})
		}
	}
	count("runs", r.Judged)
	for _, a := range r.Answers {
		count("runs that refuted "+a.Model, a.Refuted)
	}
	failed := 0
	for _, f := range r.Failures {
		failed += f.Refuted
	}
	if len(r.Answers) > 0 {
		count("what else was wrong", failed)
	} else { // a campaign has one verdict for each run
		count("invalid runs", failed)
	}
	if m := r.Measures; m.Judged > 0 {
		part("fresh reads", m.Fresh, m.Judged)
		lasted("age of a read p99", m.Age, m.Age.P99)
		lasted("age of a read, worst", m.Age, m.Age.Max)
	}
	for _, class := range r.classes() {
		for _, p := range comparedPhases {
			functions := r.Stats.Phase(p.phase).Functions
			answered, asked := answered(functions, class.has)
			part(class.name+" served, "+p.name, answered, asked)
			l := latencyOf(functions, class.has, func(f stats.FunctionStats) stats.Latency { return f.Latency })
			lasted(class.name+" p50, "+p.name, l, l.P50)
			lasted(class.name+" p99, "+p.name, l, l.P99)
		}
		back := latencyOf(r.Stats.Functions, class.has, func(f stats.FunctionStats) stats.Latency { return f.Recovery })
		lasted(class.name+" back p50", back, back.P50)
		lasted(class.name+" back, worst", back, back.Max)
	}
	operations := r.Stats.Operations()
	for _, c := range r.Counters {
		if operations > 0 && (c.Name == "messages" || c.Name == "bytes sent") {
			each := float64(c.Value) / float64(operations)
			all = append(all, quantity{name: c.Name + ", for each operation", value: each, text: digits(each), cost: true})
		}
	}
	return all
}

// WriteText writes both for a terminal.
func (b *Baseline) WriteText(w io.Writer) {
	fmt.Fprintf(w, "before  %s\nnow     %s\n", b.Names[0], b.Names[1])
	for _, d := range b.differences() {
		fmt.Fprintf(w, "differs %s\n", d)
	}
	fmt.Fprintln(w)
	for _, p := range b.pairs() {
		p.sideBySide().writeText(w)
	}
	for _, r := range b.regressions() {
		fmt.Fprintf(w, "worse   %s\n", r)
	}
}

// Markdown is both for whatever shows Markdown.
func (b *Baseline) Markdown() *Markdown {
	var m Markdown
	m.Heading(2, fmt.Sprintf("%s: %s, compared with %s", strings.ToUpper(b.Verdict().String()), b.Names[1], b.Names[0]))
	for _, r := range b.regressions() {
		m.Text("Worse: " + r)
	}
	for _, d := range b.differences() {
		m.Text("Not the same: " + d)
	}
	for _, p := range b.pairs() {
		p.sideBySide().addTo(&m)
	}
	return &m
}

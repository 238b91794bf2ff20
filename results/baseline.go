package results

import (
	"fmt"
	"io"
	"slices"
	"time"

	"faultline/history/stats"
	"faultline/internal/wording"
)

// Baseline sets two campaigns or comparisons side by side.
type Baseline struct {
	Before, Now *Comparison
	Names       [2]string
}

// Comparable reports whether both have a setup in common under the same condition.
func (b *Baseline) Comparable() bool { return len(b.tables()) > 0 }

// tables are a table for each setup that is in both, under each condition that is in both.
func (b *Baseline) tables() []*table {
	var all []*table
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
				all = append(all, sideBySide(fmt.Sprintf("%s: %s", before.Condition, r.Setup), r, &now.Rows[k]))
			}
		}
	}
	return all
}

// Worse reports whether something is violated in more runs than before.
func (b *Baseline) Worse() bool {
	return violations(b.Now) > violations(b.Before)
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
func sideBySide(title string, before, now *ComparisonRow) *table {
	g := &table{Title: title, Head: []string{"", "before", "now", "change"}}
	was, is := before.quantities(), now.quantities()
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
	share bool // it is a share of one
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
	lasted := func(name string, l stats.Latency, d time.Duration) {
		all = append(all, quantity{name: name, value: float64(d), text: ifAny(l.Count, d)})
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
	count("what else was wrong", failed)
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
			all = append(all, quantity{name: c.Name + ", for each operation", value: each, text: digits(each)})
		}
	}
	return all
}

// WriteText writes both for a terminal.
func (b *Baseline) WriteText(w io.Writer) {
	fmt.Fprintf(w, "before  %s\nnow     %s\n\n", b.Names[0], b.Names[1])
	for _, g := range b.tables() {
		g.writeText(w)
	}
}

// Markdown is both for whatever shows Markdown.
func (b *Baseline) Markdown() *Markdown {
	var m Markdown
	m.Heading(1, "Before and now")
	m.Text(fmt.Sprintf("Before: %s. Now: %s.", b.Names[0], b.Names[1]))
	for _, g := range b.tables() {
		g.addTo(&m)
	}
	return &m
}

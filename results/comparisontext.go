package results

import (
	"fmt"
	"io"
	"strings"
	"time"

	"faultline/checker/ladder"
	"faultline/internal/wording"
)

// WriteText writes the comparison for a terminal. The same comparison gives the same bytes.
func (c *Comparison) WriteText(w io.Writer) {
	for i := range c.Tables {
		t := &c.Tables[i]
		fmt.Fprintf(w, "%s\n\n", t.Condition)
		for _, g := range t.tables(c.Models) {
			g.writeText(w)
		}
		t.writeViolations(w)
		t.writeFailures(w)
		t.writeUnknown(w)
		t.writeDivergences(w)
	}
}

// Markdown is the comparison for whatever shows Markdown.
func (c *Comparison) Markdown() *Markdown {
	var m Markdown
	m.Heading(1, "Consistency levels compared")
	m.Code(c.Command)
	for i := range c.Tables {
		t := &c.Tables[i]
		m.Heading(2, t.Condition)
		for _, g := range t.tables(c.Models) {
			g.addTo(&m)
		}
		var rest strings.Builder
		t.writeViolations(&rest)
		t.writeFailures(&rest)
		t.writeUnknown(&rest)
		t.writeDivergences(&rest)
		m.Code(rest.String())
	}
	return &m
}

// violation is the first one of a model.
type violation struct {
	Setup  string
	Broken bool // it was to be kept
	ModelAnswer
}

// violations are, for each setup, the violations of the strongest model that it broke and of the weakest: those from which no
// other violation follows. How old reads were is told elsewhere.
func (t *ComparisonTable) violations() []violation {
	var all []violation
	for i := range t.Rows {
		r := &t.Rows[i]
		broken := map[string]bool{}
		for _, a := range r.Broken() {
			broken[a.Model] = true
		}
		first := true
		for _, a := range r.Answers {
			if a.Refuted == 0 {
				continue
			}
			if first || broken[a.Model] || r.weakest(a.Model) && a.Model != ladder.BoundedStaleness {
				all = joined(all, violation{r.Setup, broken[a.Model], a})
			}
			first = false
		}
	}
	return all
}

// joined adds a violation, to the last one if the two show the same.
func joined(all []violation, v violation) []violation {
	if k := len(all) - 1; k >= 0 && all[k].Setup == v.Setup && all[k].Broken == v.Broken && all[k].Seed == v.Seed && all[k].Reason == v.Reason {
		all[k].Model += ", " + v.Model
		return all
	}
	return append(all, v)
}

// weakest reports whether nothing that the model implies was refuted.
func (r *ComparisonRow) weakest(model string) bool {
	for _, weaker := range WeakerModels(model) {
		if r.Answer(weaker).Refuted > 0 {
			return false
		}
	}
	return true
}

func (t *ComparisonTable) writeViolations(w io.Writer) {
	for _, v := range t.violations() {
		what := "is not"
		if v.Broken {
			what = "IS TO BE AND IS NOT"
		}
		fmt.Fprintf(w, "%s %s %s: %s\n", v.Setup, what, v.Model, v.Reason)
		for _, line := range strings.Split(strings.TrimRight(v.Picture, "\n"), "\n") {
			if line != "" {
				fmt.Fprintf(w, "    %s\n", line)
			}
		}
		fmt.Fprintf(w, "  again  %s\n\n", v.Again)
	}
}

func (t *ComparisonTable) writeFailures(w io.Writer) {
	for _, f := range t.failures() {
		fmt.Fprintf(w, "%s, apart from what its clients saw: %s in %s, first with seed %d: %s\n  again  %s\n\n",
			f.Setup, f.Model, wording.Count(f.Refuted, "run"), f.Seed, f.Reason, f.Again)
	}
}

// writeUnknown says why what is unknown is.
func (t *ComparisonTable) writeUnknown(w io.Writer) {
	for i := range t.Rows {
		for _, a := range t.Rows[i].Answers {
			if a.Unknown > 0 {
				fmt.Fprintf(w, "%s: %s is unknown in %s, as with %s\n\n", t.Rows[i].Setup, a.Model, wording.Count(a.Unknown, "run"), a.Undecided)
			}
		}
	}
}

// failures are what was wrong with runs apart from what clients saw.
func (t *ComparisonTable) failures() []violation {
	var all []violation
	for i := range t.Rows {
		for _, f := range t.Rows[i].Failures {
			if f.Refuted > 0 {
				all = append(all, violation{Setup: t.Rows[i].Setup, ModelAnswer: f})
			}
		}
	}
	return all
}

func (t *ComparisonTable) writeDivergences(w io.Writer) {
	if len(t.Divergences) == 0 {
		return
	}
	fmt.Fprintf(w, "The first operation that ended otherwise than at %s, seed %d\n", t.Rows[0].Setup, t.Divergences[0].Seed)
	for _, d := range t.Divergences {
		fmt.Fprintf(w, "  %s: %s\n    at %s: %s\n", d.Setup, d.Other, t.Rows[0].Setup, d.First)
	}
	fmt.Fprintln(w)
}

// String is the operation with its circumstances.
func (o DivergentOp) String() string {
	return fmt.Sprintf("%s by process %d at %s, %s to %s", o.Text, o.Process, o.Node, seconds(o.Invoke), seconds(o.Return))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3fs", d.Seconds()) }

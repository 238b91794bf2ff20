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
		for _, g := range t.Grids(c.Models) {
			g.WriteText(w)
		}
		t.writeWitnesses(w)
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
		for _, g := range t.Grids(c.Models) {
			g.addTo(&m)
		}
		var rest strings.Builder
		t.writeWitnesses(&rest)
		t.writeFailures(&rest)
		t.writeUnknown(&rest)
		t.writeDivergences(&rest)
		m.Code(rest.String())
	}
	return &m
}

// Witness is the first violation of a model.
type Witness struct {
	Setup  string
	Broken bool // it was to be kept
	ModelAnswer
}

// Witnesses are, for each setup, the violations of the strongest model that it broke and of the weakest: those from which no
// other violation follows. How old reads were is told elsewhere.
func (t *ComparisonTable) Witnesses() []Witness {
	var all []Witness
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
				all = joined(all, Witness{r.Setup, broken[a.Model], a})
			}
			first = false
		}
	}
	return all
}

// joined adds a witness, to the last one if the two show the same.
func joined(all []Witness, w Witness) []Witness {
	if k := len(all) - 1; k >= 0 && all[k].Setup == w.Setup && all[k].Broken == w.Broken && all[k].Seed == w.Seed && all[k].Reason == w.Reason {
		all[k].Model += ", " + w.Model
		return all
	}
	return append(all, w)
}

// weakest reports whether nothing that the model implies was refuted.
func (r *ComparisonRow) weakest(model string) bool {
	m, _ := ladder.ModelByName(model) // it is one
	for _, weaker := range m.Weaker() {
		if r.Answer(weaker).Refuted > 0 {
			return false
		}
	}
	return true
}

func (t *ComparisonTable) writeWitnesses(w io.Writer) {
	for _, v := range t.Witnesses() {
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
func (t *ComparisonTable) failures() []Witness {
	var all []Witness
	for i := range t.Rows {
		for _, f := range t.Rows[i].Failures {
			if f.Refuted > 0 {
				all = append(all, Witness{Setup: t.Rows[i].Setup, ModelAnswer: f})
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

package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"faultline/checker"
	"faultline/checker/ladder"
)

// consistency prints the answer for each model, and below that, for each that is broken, by what. Models that are broken by the
// same operations are shown once, the weakest of them.
func consistency(w io.Writer, results []ladder.Result) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range results {
		text := r.Reason
		if r.Validity == checker.Invalid && r.Violation != nil {
			text = cmp.Or(r.Violation.Anomaly, r.Violation.Sentence)
		}
		if r.Freshest != nil {
			text += "; " + freshest(r.Freshest)
		}
		fmt.Fprintf(t, "  %s\t%v\t%s\n", r.Model, r.Validity, text)
	}
	_ = t.Flush() // it fails if w does, and then nobody reads this
	shown := map[string]bool{}
	for i := len(results) - 1; i >= 0; i-- {
		r := results[i]
		if r.Violation == nil || shown[r.Violation.Picture] {
			continue
		}
		shown[r.Violation.Picture] = true
		fmt.Fprintf(w, "\n  %s, %v\n\n", r.Model, r.Violation)
		indent(w, r.Violation.Picture)
		indent(w, steps(r.Violation))
	}
}

func freshest(b *ladder.Bound) string {
	if b.Unbounded {
		return "no bound on the age of reads would do"
	}
	return fmt.Sprintf("nothing refutes reads of the last %d versions, nor of what is %v old", b.Versions, b.Age)
}

// steps are the reasons of a violation, a line each.
func steps(w *checker.Finding) string {
	if len(w.Steps) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range w.Steps {
		fmt.Fprintf(t, "%s\tbefore %s\t%s\n", w.Called(s.From), w.Called(s.To), s.Why)
	}
	_ = t.Flush() // a strings.Builder takes everything
	return b.String()
}

func indent(w io.Writer, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintln(w, strings.TrimRight("    "+line, " \n"))
	}
}

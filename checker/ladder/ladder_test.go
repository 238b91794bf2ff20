package ladder

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
)

// TestRungs decides the histories in testdata, all models at once. Below the verdicts is the violation of the model named behind
// the command, or of the weakest of the models that are broken. Settled is when everything was, in seconds.
func TestRungs(t *testing.T) {
	for _, file := range []string{"testdata/rungs.txt", "testdata/literature.txt", "testdata/outcomes.txt"} {
		datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
			settled, show := 0, ""
			d.MaybeScanArgs(t, "settled", &settled)
			d.MaybeScanArgs(t, "show", &show)
			var b strings.Builder
			verdicts := map[string][]string{}
			var shown *Result
			for _, r := range Check(parse(t, d), Names(), Options{Settled: time.Duration(settled) * time.Second}) {
				verdicts[r.Validity.String()] = append(verdicts[r.Validity.String()], r.Model)
				if r.Violation != nil && (show == "" || show == r.Model) {
					shown = &r
				}
			}
			for _, v := range []string{"valid", "invalid", "unknown"} {
				if len(verdicts[v]) > 0 {
					fmt.Fprintf(&b, "%s: %s\n", v, strings.Join(verdicts[v], ", "))
				}
			}
			if shown != nil {
				writeViolation(&b, shown)
			}
			return b.String()
		})
	}
}

func writeViolation(b *strings.Builder, r *Result) {
	fmt.Fprintf(b, "%s: %s\n%s", r.Model, r.Violation, r.Violation.Picture)
	for _, s := range r.Violation.Steps {
		fmt.Fprintf(b, "  %s → %s: %s, %s\n", end(r, s.From), end(r, s.To), strings.TrimSpace(string(s.Kind)+" "+s.Key), s.Why)
	}
}

func end(r *Result, i int) string {
	if i < 0 {
		return "initial value"
	}
	return r.Violation.Operations[i].Text
}

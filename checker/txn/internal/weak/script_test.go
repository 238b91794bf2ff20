package weak

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"faultline/checker/txn/internal/wr/wrtest"
)

// TestScripts runs the scripts in testdata: check decides about a history at each level, and says what shows it.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			h, err := wrtest.Parse(d.Input)
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			var b strings.Builder
			for _, level := range levels {
				r := Check(h.History, level, nil)
				if err := verify(h.History, level, r); err != nil {
					d.Fatalf(t, "%v", err)
				}
				if r.Valid() {
					fmt.Fprintf(&b, "%v: valid, %s\n", level, wrtest.Names(r.Order))
				}
				for _, v := range r.Violations {
					fmt.Fprintf(&b, "%v: %s\n", level, v.Anomaly)
					for _, e := range v.Cycle {
						fmt.Fprintf(&b, "    %s < %s  %v%s", wrtest.Name(e.From), wrtest.Name(e.To), e.Why, h.Key(e.Key))
						if e.Why == Overwritten {
							fmt.Fprintf(&b, ", seen by %s", wrtest.Names(e.Seen[1:]))
						}
						fmt.Fprintln(&b)
					}
				}
			}
			return b.String()
		})
	})
}

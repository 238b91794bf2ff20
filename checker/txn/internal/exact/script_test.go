package exact

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"faultline/checker"
	"faultline/checker/txn/internal/wr/wrtest"
)

// TestScripts runs the scripts in testdata: check decides about a history at each level, alone and with [sessions] or [realtime], and says what
// shows it.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			h, err := wrtest.Parse(d.Input)
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			o := Options{Sessions: d.HasArg("sessions"), RealTime: d.HasArg("realtime")}
			d.MaybeScanArgs(t, "steps", &o.Steps)
			d.MaybeScanArgs(t, "memory", &o.Memory)
			var b strings.Builder
			for _, level := range []Level{SnapshotIsolation, Serializable} {
				r := Check(h.History, level, o)
				fmt.Fprintf(&b, "%v: %v", level, r.Validity)
				switch r.Validity {
				case checker.Valid:
					fmt.Fprintf(&b, " by %v:%s\n", r.By, points(r.Order))
				case checker.Invalid:
					fmt.Fprintf(&b, " by %v: %s\n", r.By, wrtest.Names(r.Core))
					write(&b, h, r.Proof, "  ")
				default:
					fmt.Fprintf(&b, " as the %s is bounded\n", r.Bound)
				}
				if r.Validity != checker.Unknown {
					verify(t, 0, h.History, level, o, r)
				}
			}
			return b.String()
		})
	})
}

func points(order []Point) string {
	var b strings.Builder
	for _, p := range order {
		if p.Begin {
			fmt.Fprintf(&b, " begin")
		}
		fmt.Fprintf(&b, " %s", wrtest.Name(p.Transaction))
	}
	return b.String()
}

// write writes a proof, a case within another one further to the right.
func write(b *strings.Builder, h *wrtest.History, c *Case, indent string) {
	if c.Cycle == nil {
		for _, side := range []struct {
			first, second int32
			then          *Case
		}{{c.First, c.Second, c.Either}, {c.Second, c.First, c.Or}} {
			fmt.Fprintf(b, "%sif %s < %s\n", indent, wrtest.Name(side.first), wrtest.Name(side.second))
			write(b, h, side.then, indent+"  ")
		}
		return
	}
	b.WriteString(indent)
	for i, e := range c.Cycle {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "%s < %s (%v%s)", wrtest.Name(e.From), wrtest.Name(e.To), e.Why, h.Key(e.Key))
	}
	fmt.Fprintln(b)
}

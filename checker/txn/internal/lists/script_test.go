package lists_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"faultline/checker/internal/scripttest"
	"faultline/checker/txn/internal/direct"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/lists"
	"faultline/checker/txn/internal/record"
	"faultline/checker/txn/models"
	"faultline/history"
)

// The scripts are histories, see package scripttest. T0, T1, … are their transactions in order of invocation. The output is what is
// malformed, the anomalies that need no graph, and cycles with what each of their edges rests on.
func TestScripts(t *testing.T) {
	datadriven.RunTest(t, "testdata/anomalies.txt", func(t *testing.T, d *datadriven.TestData) string {
		events, err := scripttest.Parse(d.Input)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		ops, err := history.Operations(events)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		h := record.New(record.ListAppend, ops, nil)
		var out strings.Builder
		for _, m := range h.Malformed {
			fmt.Fprintf(&out, "malformed: T%d has %v: %s\n", m.Txn, m.Value, m.Reason)
		}
		for _, a := range direct.Lists(h) {
			fmt.Fprintf(&out, "%s of %v:\n", a.Name, h.Keys.Name(a.Key))
			for _, step := range a.Steps {
				fmt.Fprintf(&out, "  %s\n", stepText(h, step))
			}
		}
		in := input(h)
		cycles, _ := graph.Find(in, graph.Classes(models.Realtime), graph.DefaultWork)
		for _, c := range cycles {
			fmt.Fprintf(&out, "%s:\n", c.Class.Anomaly())
			for _, e := range c.Edges {
				fmt.Fprintf(&out, "  T%d %v T%d%s\n", e.From, e.Kind, e.To, reason(h, in.Relation.(*lists.Relation), e))
			}
		}
		if out.Len() == 0 {
			return "nothing\n"
		}
		return out.String()
	})
}

func reason(h *record.History, r *lists.Relation, e graph.Edge) string {
	if from, to, ok := r.Why(e); ok {
		return fmt.Sprintf(": %s, %s", stepText(h, from), stepText(h, to))
	}
	return ""
}

func stepText(h *record.History, step int32) string {
	s := &h.Steps
	text := fmt.Sprintf("T%d ", s.Txn[step])
	if s.Kind[step] == record.Scan {
		return text + "scan " + h.Keys.Prefixes[s.Key[step]]
	}
	key := s.Key[step]
	if s.Kind[step] == record.Write {
		return text + fmt.Sprintf("append %v %v", h.Keys.Name(key), h.Keys.Value(key, s.Value[step]))
	}
	var list []history.Value
	for _, e := range h.ListOf(step) {
		list = append(list, h.Keys.Value(key, e))
	}
	return text + fmt.Sprintf("read %v %v", h.Keys.Name(key), history.ListValue(list...))
}

package export_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"reflect"
	"strings"
	"testing"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
	"faultline/results/export"
)

// The EDN file read back is the same history, and gets the same verdict.
func TestEDNIsReadBack(t *testing.T) {
	r := realRun(t)
	b := written(t, func(w io.Writer) error { return export.EDN(w, r.Run) })
	source, err := history.Open(bytes.NewReader(b), "history.edn")
	if err != nil {
		t.Fatal(err)
	}
	back, err := source.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if back.Digest() != r.Digest {
		t.Error("it is another history")
	}
	judge := func(h *history.History) checker.Part {
		ops, err := history.Operations(h.Events)
		if err != nil {
			t.Fatal(err)
		}
		return linear.Linearizable(linear.CASRegister(), ops, checker.Options{})
	}
	stored, err := r.History.History()
	if err != nil {
		t.Fatal(err)
	}
	now, then := judge(back), judge(stored)
	if now.Validity != checker.Invalid || !reflect.DeepEqual(now, then) {
		t.Errorf("%+v, and it was %+v", now, then)
	}
}

// The table has a row for each operation, and the cells say what the operations do.
func TestCSVHasAllOperations(t *testing.T) {
	r := realRun(t)
	rows := table(t, written(t, func(w io.Writer) error { return export.CSV(w, r.Run) }))
	ops, err := r.History.AllOperations()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(ops)+1 {
		t.Fatalf("%d rows for %d operations", len(rows), len(ops))
	}
	const want = "process f key input outcome output error node log_index invoke_ns return_ns latency_ns"
	if got := strings.Join(rows[0], " "); got != want {
		t.Errorf("columns %s", got)
	}
	outcomes := map[string]bool{}
	for i := range ops {
		row := rows[i+1]
		outcomes[row[4]] = true
		if row[1] != ops[i].F || row[2] != ops[i].Key || row[4] != ops[i].Outcome.String() || (row[10] == "") != (ops[i].Returned < 0) {
			t.Errorf("%v is %+v", row, ops[i])
		}
	}
	if len(outcomes) != 3 {
		t.Errorf("outcomes: %v", outcomes)
	}
}

func TestCSVOfHostileRuns(t *testing.T) {
	for _, text := range hostile {
		r, _ := hostileRun(t, text)
		rows := table(t, written(t, func(w io.Writer) error { return export.CSV(w, r) }))
		if len(rows) != 3 {
			t.Errorf("%q: %d rows", text, len(rows))
		}
	}
}

func table(t *testing.T, b []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll() // it refuses rows of other lengths
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

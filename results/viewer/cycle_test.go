package viewer_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
	"faultline/history/stats"
	"faultline/results"
	"faultline/results/viewer"
)

// skewed keeps a run of three transactions, among others, whose reads and writes have no order, and returns its directory.
func skewed(t testing.TB, root string) string {
	t.Helper()
	at := func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }
	h := &history.History{Header: history.Header{Build: "test", Replay: "exact"}}
	add := func(ms, process int, kind history.Type, value string) {
		v, err := history.ParseValue([]byte(value))
		if err != nil {
			t.Fatal(err)
		}
		h.Events = append(h.Events, history.Event{Time: at(ms), Process: process, Type: kind, F: "txn", Value: v})
	}
	add(10, 0, history.Invoke, `[["r","x",null]]`)
	add(20, 0, history.OK, `[["r","x",null]]`)
	add(500, 0, history.Invoke, `[["r","x",null],["append","y",1]]`)
	add(501, 1, history.Invoke, `[["r","y",null],["append","x",1]]`)
	add(510, 0, history.OK, `[["r","x",null],["append","y",1]]`)
	add(520, 1, history.OK, `[["r","y",null],["append","x",1]]`)
	add(530, 2, history.Invoke, `[["r","x",null],["r","y",null]]`)
	add(900, 2, history.OK, `[["r","x",[1]],["r","y",[]]]`)
	add(1900, 1, history.Invoke, `[["append","z",1]]`)
	add(2000, 1, history.OK, `[["append","z",1]]`)
	ops, err := history.Operations(h.Events)
	if err != nil {
		t.Fatal(err)
	}
	finding := checker.Finding{
		Rule: "serializable", Anomaly: "G2-item", Validity: checker.Invalid, Sentence: "T1 and T2 read what the other one overwrote",
		Operations: []checker.Involved{
			{Name: "T1", Process: 0, Text: "r x → null, append y 1", Invoked: 2, Returned: 4, MicroOps: []checker.MicroOp{{Key: "x", Text: "r x → null"}, {Key: "y", Text: "append y 1"}}},
			{Name: "T2", Process: 1, Text: "r y → null, append x 1", Invoked: 3, Returned: 5, MicroOps: []checker.MicroOp{{Key: "y", Text: "r y → null"}, {Key: "x", Text: "append x 1"}}},
			{Name: "T3", Process: 2, Text: "r x → [1], r y → []", Invoked: 6, Returned: 7, MicroOps: []checker.MicroOp{{Key: "x", Text: "r x → [1]"}, {Key: "y", Text: "r y → []"}}},
		},
		Steps: []checker.Step{
			{From: 0, To: 1, Kind: checker.RW, Key: "x", Why: "T1 read x before T2 appended 1 to it"},
			{From: 1, To: 2, Kind: checker.WR, Key: "x", Why: "T3 saw T2's 1 in x"},
			{From: 2, To: 0, Kind: checker.RW, Key: "y", Why: "T3 did not see T1's 1 in y"},
		},
	}
	return keep(t, root, &results.Run{
		Seed: 7, Started: time.Date(2026, 11, 22, 8, 52, 41, 0, time.UTC), Replay: "faultline run --seed 7", Spec: json.RawMessage(`{"workload":"list-append"}`), History: taped(t, h),
		Verdict:    checker.Conclude(checker.Part{Name: "isolation", Validity: checker.Invalid, Reason: finding.String(), Model: "serializable", Findings: []checker.Finding{finding}}),
		Statistics: stats.Measure(h.Events, ops, nil),
	})
}

// A scene has the drawing of a cycle, and its operations have the positions that the arrows name.
func TestSceneHoldsACycle(t *testing.T) {
	scene, err := viewer.ReadScene(os.DirFS(skewed(t, t.TempDir())))
	if err != nil {
		t.Fatal(err)
	}
	v := parse(t, scene).Meta.Violations[0]
	rows := map[int]int{}
	for _, o := range v.Operations {
		rows[o.Position] = o.Row
	}
	if len(rows) != 3 || rows[0] != 1 || rows[1] != 2 || rows[2] != 3 || v.Operations[2].Text != "T3 r x → [1], r y → []" {
		t.Errorf("operations %+v", v.Operations)
	}
	if v.Cycle == nil || len(v.Cycle.Boxes) != 3 || len(v.Cycle.Lanes) != 3 || len(v.Cycle.Arrows) != 3 {
		t.Fatalf("the drawing is %+v", v.Cycle)
	}
	a := v.Cycle.Arrows[1]
	if a.From != 1 || a.To != 2 || a.Kind != string(checker.WR) || a.Label.Text != "wr x" || a.Label.Number != 2 || a.Sentence != "T3 saw T2's 1 in x" {
		t.Errorf("an arrow is %+v", a)
	}
	stale, err := viewer.ReadScene(os.DirFS(small.write(t, t.TempDir())))
	if err != nil {
		t.Fatal(err)
	}
	if other := parse(t, stale).Meta.Violations[0]; other.Cycle != nil {
		t.Errorf("a stale read is drawn as the cycle %+v", other.Cycle)
	}
}

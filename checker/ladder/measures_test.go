package ladder

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/cockroachdb/datadriven"

	"faultline/history"
)

// TestMeasures measures the histories in testdata/measures.txt.
func TestMeasures(t *testing.T) {
	datadriven.RunTest(t, "testdata/measures.txt", func(t *testing.T, d *datadriven.TestData) string {
		m := Measure(parse(t, d))
		return fmt.Sprintf("%d reads, %d judged, %d fresh; behind p50 %d, max %d; age p50 %v, max %v\n%+v\n",
			m.Reads, m.Judged, m.Fresh, m.Behind.P50, m.Behind.Max, m.Age.P50, m.Age.Max, m.Violations)
	})
}

// Measures are the same after JSON, and add up.
func TestMeasuresAddUp(t *testing.T) {
	var sum Measures
	for seed := range uint64(20) {
		m := Measure(draw(seed, 40).operations())
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back Measures
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		sum.Add(back)
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(b) {
			t.Fatalf("%s\nbecame\n%s (%v)", b, again, err)
		}
	}
	if sum.Runs != 20 || sum.Behind.Count != sum.Fresh+sum.Violations.Stale || sum.Age.Count != sum.Behind.Count {
		t.Errorf("%+v", sum)
	}
}

func mustOperations(events []history.Event) []history.Operation {
	ops, err := history.Operations(events)
	if err != nil {
		panic(err) // what draws them keeps the rules
	}
	return ops
}

package linear

import (
	"bytes"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"

	"faultline/checker"
	"faultline/history"
)

// violation is a history with a stale read of a hostile value.
func violation(t *testing.T) Counterexample {
	t.Helper()
	const hostile = `<img src=x onerror=alert(1)></script><script>alert(2)</script>`
	write := func(p int, v history.Value) []history.Event {
		return []history.Event{
			{Process: p, Type: history.Invoke, F: "write", Key: "x", Value: v, Node: hostile},
			{Process: p, Type: history.OK, F: "write", Key: "x", Value: v, Node: hostile},
		}
	}
	events := append(write(0, history.TextValue(hostile)), write(1, history.TextValue("new"))...)
	events = append(events,
		history.Event{Process: 2, Type: history.Invoke, F: "read", Key: "x"},
		history.Event{Process: 2, Type: history.OK, F: "read", Key: "x", Value: history.TextValue(hostile)})
	ops, err := history.Operations(events)
	if err != nil {
		t.Fatal(err)
	}
	part := Linearizable(CASRegister(), ops, checker.Options{})
	examples := Counterexamples(CASRegister(), ops, part, 0, checker.Options{})
	if part.Validity != checker.Invalid || len(examples) != 1 {
		t.Fatalf("%v: %s", part.Validity, part.Reason)
	}
	return examples[0]
}

func TestVisualize(t *testing.T) {
	example := violation(t)
	marks := []Mark{{Track: "partition", Label: "n1 | n2", Detail: "<b>", Begin: 1, End: 3}, {Track: "afterwards", Begin: 99, End: 100}}
	var first, second bytes.Buffer
	if err := example.Visualize(&first, marks); err != nil {
		t.Fatal(err)
	}
	if err := example.Visualize(&second, marks); err != nil {
		t.Fatal(err)
	}
	page := first.String()
	if page != second.String() {
		t.Error("two pictures of one counterexample differ")
	}
	if !strings.Contains(page, "n1 | n2") || !strings.Contains(page, "partition") {
		t.Error("the mark is missing")
	}
	if strings.Contains(page, "afterwards") {
		t.Error("the picture goes on after the violation")
	}
	// State and circumstances become markup in a tooltip, the rest is text: in the page, where all of
	// it is JSON, the former are escaped twice.
	for _, markup := range []string{"<img", "</script><script>"} {
		if strings.Contains(page, markup) {
			t.Errorf("the page holds %s", markup)
		}
	}
	for _, field := range []string{"StateDescription", "Metadata"} {
		if strings.Contains(page, `"`+field+`":"\u003c`) || strings.Contains(page, `"`+field+`":"\"\u003cimg`) {
			t.Errorf("%s is not escaped", field)
		}
	}
}

func TestLongestKeepsPicturesSmall(t *testing.T) {
	orders := [][]int{make([]int, 3), make([]int, maxSteps), make([]int, 7), make([]int, maxSteps-1)}
	kept := longest(orders)
	if len(kept) != 1 || len(kept[0]) != maxSteps {
		t.Errorf("kept %d orders, the first of %d steps", len(kept), len(kept[0]))
	}
}

// Each process has a line of its own, and operations say whose they are. Only if there are very many do they share lines.
func TestLanes(t *testing.T) {
	lanes := func(processes int) map[int]bool {
		var ops []porcupine.Operation
		for p := range processes {
			ops = append(ops, porcupine.Operation{ClientId: 12 + 5*p, Call: int64(2 * p), Return: int64(2*p + 1)})
		}
		seen := map[int]bool{}
		for _, op := range inLanes(ops) {
			seen[op.ClientId] = true
		}
		return seen
	}
	if few, many := lanes(3), lanes(mostLanes+1); len(few) != 3 || !few[0] || !few[2] || len(many) != 1 {
		t.Errorf("3 processes have the lanes %v, and %d, one after the other, %v", few, mostLanes+1, many)
	}
	var page bytes.Buffer
	example := violation(t)
	if err := example.Visualize(&page, nil); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"p0: write ", "p1: write ", "p2: read "} {
		if !strings.Contains(page.String(), text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

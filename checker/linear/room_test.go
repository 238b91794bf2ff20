package linear

import (
	"bytes"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// pictureOf is all that a counterexample tells, the page included.
func pictureOf(t *testing.T, c *Counterexample) string {
	t.Helper()
	var page bytes.Buffer
	if err := c.Visualize(&page, nil); err != nil {
		t.Fatal(err)
	}
	return c.Explanation().Sentence + c.Explanation().Picture + page.String()
}

// staleRead is a write that a later read does not see, after some operations that work.
func staleRead(key string) []history.Operation {
	ops := []history.Operation{}
	for i := range int32(20) {
		ops = append(ops, history.Operation{F: "write", Key: key, Input: history.IntValue(int64(i)), Outcome: history.OK, Invoked: 2 * i, Returned: 2*i + 1})
	}
	return append(ops, history.Operation{F: "read", Key: key, Output: history.IntValue(3), Outcome: history.OK, Invoked: 40, Returned: 41})
}

// A check leaves its memory to the next one, but not what a counterexample needs.
func TestCounterexamplesOutliveTheirCheck(t *testing.T) {
	_, examples := Linearizable(CASRegister(), staleRead("x"), checker.Options{})
	if len(examples) != 1 {
		t.Fatalf("%d counterexamples", len(examples))
	}
	before := pictureOf(t, &examples[0])
	for seed := range 10 {
		ops := hotKeys(1+seed%3, 5, 100, seed)
		if part, _ := Linearizable(CASRegister(), ops, checker.Options{}); part.Validity != checker.Valid {
			t.Fatal(part.Reason)
		}
	}
	if after := pictureOf(t, &examples[0]); after != before {
		t.Errorf("it became\n%s\nfrom\n%s", after, before)
	}
}

// What a stream found invalid when it closed a key stays as it was, whatever comes later in its log.
func TestCounterexamplesOutliveTheirStream(t *testing.T) {
	events := eventsOf(staleRead("x"))
	_, alone, _ := streamed(CASRegister(), events, 0)
	for _, e := range eventsOf(hotKeys(3, 5, 500, 0)) {
		e.Process += 1000
		events = append(events, e)
	}
	part, examples, _ := streamed(CASRegister(), events, 0)
	if len(alone) != 1 || len(examples) != 1 || part.Keys != 4 {
		t.Fatalf("%d and %d counterexamples, %+v", len(alone), len(examples), part)
	}
	if got, want := pictureOf(t, &examples[0]), pictureOf(t, &alone[0]); got != want {
		t.Errorf("got\n%s\ninstead of\n%s", got, want)
	}
}

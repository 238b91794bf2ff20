package linear

import (
	"fmt"
	"reflect"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// staleHistory is a write that a later read does not see, after some operations that work.
func staleHistory(key string) []history.Operation {
	ops := []history.Operation{}
	for i := range int32(20) {
		ops = append(ops, history.Operation{F: "write", Key: key, Input: history.IntValue(int64(i)), Outcome: history.OK, Invoked: 2 * i, Returned: 2*i + 1})
	}
	return append(ops, history.Operation{F: "read", Key: key, Output: history.IntValue(3), Outcome: history.OK, Invoked: 40, Returned: 41})
}

// A check leaves its memory to the next one, but not what a finding tells.
func TestFindingsOutliveTheirCheck(t *testing.T) {
	part := Linearizable(CASRegister(), staleHistory("x"), checker.Options{})
	before := fmt.Sprintf("%+v", part)
	for seed := range 10 {
		ops := hotKeys(1+seed%3, 5, 100, seed)
		if part := Linearizable(CASRegister(), ops, checker.Options{}); part.Validity != checker.Valid {
			t.Fatal(part.Reason)
		}
	}
	if after := fmt.Sprintf("%+v", part); after != before || len(part.Findings) != 1 {
		t.Errorf("it became\n%s\nfrom\n%s", after, before)
	}
}

// What a stream found invalid when it closed a key stays as it was, whatever comes later in its log.
func TestFindingsOutliveTheirStream(t *testing.T) {
	events := eventsOf(staleHistory("x"))
	alone, _ := streamed(CASRegister(), events, 0)
	for _, e := range eventsOf(hotKeys(3, 5, 500, 0)) {
		e.Process += 1000
		events = append(events, e)
	}
	part, _ := streamed(CASRegister(), events, 0)
	if len(alone.Findings) != 1 || part.Objects != 4 || !reflect.DeepEqual(part.Findings, alone.Findings) {
		t.Errorf("got\n%+v\ninstead of\n%+v", part, alone)
	}
}

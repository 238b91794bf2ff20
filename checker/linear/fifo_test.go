package linear

import (
	"strings"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// A pending dequeue may have taken what must be gone, if it was invoked in time.
func TestPendingDequeues(t *testing.T) {
	twoIn := []string{"0 invoke enqueue q 1", "0 ok enqueue q 1", "0 invoke enqueue q 2", "0 ok enqueue q 2"}
	pending := []string{"9 invoke dequeue q", "9 info dequeue q"}
	second := []string{"1 invoke dequeue q", "1 ok dequeue q 2"}
	empty := []string{"2 invoke dequeue q", "2 ok dequeue q null"}
	for _, c := range []struct {
		name   string
		script [][]string
		want   checker.Validity
		stage  string
	}{
		{"none", [][]string{twoIn, second}, checker.Invalid, stageQueueOrder},
		{"in time", [][]string{twoIn, pending, second}, checker.Valid, stageQueueOrder},
		{"before anything was there", [][]string{pending, twoIn, second}, checker.Valid, stageQueueOrder},
		{"too late", [][]string{twoIn, second, pending}, checker.Invalid, stageQueueOrder},
		{"in time, and empty after", [][]string{twoIn, pending, second, empty}, checker.Valid, stageSearch},
		{"too late for one that was empty", [][]string{twoIn, second, empty, pending}, checker.Invalid, stageQueueOrder},
	} {
		var lines []string
		for _, part := range c.script {
			lines = append(lines, part...)
		}
		events, err := parseScript(strings.Join(lines, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		part := Linearizable(FIFOQueue(), ops, checker.Options{})
		if part.Validity != c.want || part.Stage != c.stage {
			t.Errorf("%s: %v by %s: %s", c.name, part.Validity, part.Stage, part.Reason)
		}
	}
}

package history

import (
	"strings"
	"testing"
	"unsafe"
)

// Histories are checked in memory as arrays of these, so their size is a promise.
func TestOperationsAreSmall(t *testing.T) {
	if size := unsafe.Sizeof(Operation{}); size > 128 {
		t.Errorf("an operation takes %d bytes", size)
	}
}

func TestPositionsAndProcessesFitInFourBytes(t *testing.T) {
	p := Pairing{events: maxEvents}
	if _, err := p.Add(&Event{Type: Invoke, F: "read"}); err == nil || !strings.Contains(err.Error(), "more than 2147483647 events") {
		t.Errorf("got %v", err)
	}
	p = Pairing{}
	if _, err := p.Add(&Event{Type: Invoke, F: "read", Process: maxProcess + 1}); err == nil || !strings.Contains(err.Error(), "process 2147483648") {
		t.Errorf("got %v", err)
	}
}

// Operations share what they tell of their answers, which never changes.
func TestAnswersAreShared(t *testing.T) {
	ops, err := Operations([]Event{
		{Process: 1, Type: Invoke, F: "read", Node: "n1"},
		{Process: 2, Type: Invoke, F: "read", Node: "n1"},
		{Process: 1, Type: OK, F: "read", Value: IntValue(1)},
		{Process: 2, Type: Fail, F: "read", Node: "n2", Error: "lost"},
	})
	if err != nil {
		t.Fatal(err)
	}
	copied := ops[0]
	copied.Answered("n3", "")
	if ops[0].Node() != "n1" || ops[0].Reason() != "" || ops[1].Node() != "n2" || ops[1].Reason() != "lost" || copied.Node() != "n3" {
		t.Errorf("got %s", renderOperations(append(ops, copied)))
	}
}

func TestOnlyWhatComparedIsAnObservation(t *testing.T) {
	for reason, want := range map[string]bool{
		PreconditionFailed: true, `[:precondition-failed "expected 1, but had 2"]`: true, "[:precondition-failed]": true,
		"": false, "timeout": false, "[:precondition-failed-not]": false, "[:timeout :precondition-failed]": false, "[:precondition-failed": false,
	} {
		op := Operation{Outcome: Fail}
		op.Answered("", reason)
		if op.Compared() != want {
			t.Errorf("%q: %v", reason, !want)
		}
		if op.Outcome = Info; op.Compared() {
			t.Errorf("%q: an operation of unknown outcome", reason)
		}
	}
}

package recorded

import (
	"testing"

	"faultline/history"
)

// What a history takes that is kept counts the lists that were read.
func TestRememberedCountsValues(t *testing.T) {
	h := newWhole()
	read := history.ListValue(history.IntValue(1), history.IntValue(2), history.IntValue(3))
	h.add(&history.Event{Process: 1, Type: history.Invoke}, nil)
	if got := h.remembered(); got != operationBytes {
		t.Errorf("an operation under way takes %d bytes", got)
	}
	h.add(&history.Event{Process: 1, Type: history.OK}, &history.Operation{Process: 1, Output: read})
	if got, want := h.remembered(), operationBytes+read.Bytes(); got != want {
		t.Errorf("an operation that read a list takes %d bytes, want %d", got, want)
	}
}

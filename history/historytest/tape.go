// Package historytest makes histories for tests.
package historytest

import (
	"testing"

	"faultline/history"
)

// Tape is a history of these events.
func Tape(t testing.TB, events ...history.Event) *history.Tape {
	t.Helper()
	tape, err := (&history.History{Events: events}).Tape()
	if err != nil {
		t.Fatal(err)
	}
	return tape
}

// Events are those of a tape.
func Events(t testing.TB, of *history.Tape) []history.Event {
	t.Helper()
	h, err := of.History()
	if err != nil {
		t.Fatal(err)
	}
	return h.Events
}

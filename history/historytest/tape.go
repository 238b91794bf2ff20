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

// Play has each event told with the operation that it completes, nil if it completes none, and returns those that nothing completed.
func Play(t testing.TB, events []history.Event, told func(*history.Event, *history.Operation)) (pending []history.Operation) {
	t.Helper()
	var pairing history.Pairing
	for i := range events {
		op, err := pairing.Add(&events[i])
		if err != nil {
			t.Fatal(err)
		}
		told(&events[i], op)
	}
	return pairing.Pending()
}

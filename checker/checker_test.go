package checker

import (
	"context"
	"testing"
)

// An answer that is there counts. One that takes longer than anybody waits is unknown.
func TestInterruptible(t *testing.T) {
	valid := func() Part { return Part{Name: "q", Validity: Valid} }
	if p := Interruptible(context.Background(), "q", valid); p.Validity != Valid {
		t.Errorf("%+v", p)
	}
	ctx, cancel := context.WithCancel(context.Background())
	hold := make(chan bool)
	defer close(hold)
	cancel()
	if p := Interruptible(ctx, "q", func() Part { <-hold; return valid() }); p.Validity != Unknown || p.Name != "q" || p.Reason == "" {
		t.Errorf("%+v", p)
	}
}

package linear

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"faultline/checker"
	"faultline/history"
)

// streamed decides events one by one, closing keys whenever it can.
func streamed(m Model, events []history.Event, limit int) (checker.Part, *Stream) {
	return streamedIn(m, events, limit, checker.Options{})
}

// streamedIn does so within bounds.
func streamedIn(m Model, events []history.Event, limit int, opts checker.Options) (checker.Part, *Stream) {
	s := NewStream(m, opts)
	s.limit = limit
	var pairing history.Pairing
	for i := range events {
		op, err := pairing.Add(&events[i])
		if err != nil {
			panic(err) // the simulation keeps the rules
		}
		s.Add(&events[i], op)
		if limit == 0 {
			s.limit = 0 // close again at the next chance
		}
	}
	return s.Finish(pairing.Pending()), s
}

// A stream that forgets whatever it can decides as a check of the whole does, explanation included.
func TestStreamAgreesWithWhole(t *testing.T) {
	seen := map[checker.Validity]int{}
	for seed := range uint64(10_000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		s := simulation{
			rng: rng, keys: []string{"x", "y"}, processes: 1 + rng.IntN(3), length: 4 + rng.IntN(20), values: 2 + rng.IntN(4),
			unique: rng.IntN(2) == 0, blind: rng.IntN(4) == 0, spoil: rng.IntN(2),
		}
		events := s.run()
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		want := Linearizable(CASRegister(), ops, checker.Options{})
		got, _ := streamed(CASRegister(), events, 0)
		seen[want.Validity]++
		if got.Validity != want.Validity || got.Operations != want.Operations || got.Objects != want.Objects {
			t.Fatalf("seed %d: %v %s, as a whole %v %s\n%s", seed, got.Validity, got.Reason, want.Validity, want.Reason, render(ops))
		}
		for _, f := range got.Findings {
			if len(f.Operations) == 0 {
				t.Fatalf("seed %d: no explanation: %+v\n%s", seed, got, render(ops))
			}
		}
	}
	if seen[checker.Valid] < 1_000 || seen[checker.Invalid] < 1_000 {
		t.Errorf("lopsided: %v", seen)
	}
}

// What a stream remembers is bounded, however long the history.
func TestStreamForgets(t *testing.T) {
	s := NewStream(CASRegister(), checker.Options{})
	s.limit = 1_000
	most := 0
	var pairing history.Pairing
	for i := range 200_000 {
		e := history.Event{Time: time.Duration(i), Key: fmt.Sprint(i / 2 % 7), Process: 0, Type: history.Invoke, F: "write", Value: history.IntValue(int64(i / 2))}
		if i%2 == 1 {
			e.Type = history.OK
		}
		op, err := pairing.Add(&e)
		if err != nil {
			t.Fatal(err)
		}
		s.Add(&e, op)
		most = max(most, s.Remembered())
	}
	if part := s.Finish(nil); part.Validity != checker.Valid || part.Operations != 100_000 || most > 1_001 {
		t.Errorf("%v after %d operations with %d remembered", part.Validity, part.Operations, most)
	}
}

// Models that have no windows are decided at the end.
func TestStreamOfQueue(t *testing.T) {
	for seed := range uint64(300) {
		o := oracles()[0]
		ops := drawModel(&o, seed, 8)
		want := Linearizable(o.model, ops, checker.Options{})
		got, _ := streamed(o.model, eventsOf(ops), 0)
		if got.Validity != want.Validity {
			t.Fatalf("seed %d: %v, as a whole %v\n%s", seed, got.Validity, want.Validity, render(ops))
		}
	}
}

// eventsOf takes operations apart.
func eventsOf(ops []history.Operation) []history.Event {
	end := 0
	for _, op := range ops {
		end = max(end, int(op.Invoked)+1, int(op.Returned)+1)
	}
	events := make([]history.Event, end)
	for _, op := range ops {
		events[op.Invoked] = history.Event{Process: int(op.Process), Type: history.Invoke, F: op.F, Key: op.Key, Value: op.Input}
		if op.Returned >= 0 {
			events[op.Returned] = history.Event{Process: int(op.Process), Type: op.Outcome, F: op.F, Key: op.Key, Value: op.Output, Error: op.Reason()}
		}
	}
	return events
}

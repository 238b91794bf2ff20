package linear

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"

	"faultline/checker"
	"faultline/history"
	"faultline/history/historytest"
)

// The second opinion is about the same question: objects of a user's model may hold a value at first.
func TestBothOpinionsBeginAlike(t *testing.T) {
	zero, err := Register().Beginning(checker.InitialValue(history.IntValue(0)))
	if err != nil {
		t.Fatal(err)
	}
	in := checker.Input{Operations: []history.Operation{{F: "read", Key: "k", Output: history.IntValue(0), Outcome: history.OK, Returned: 1}}}
	part := Checker(zero).Check(context.Background(), in, checker.Options{})
	if part.Validity != checker.Valid || part.Opinion == nil || part.Opinion.Agreed != 1 || len(part.Opinion.Disputes) > 0 {
		t.Errorf("%v, %+v", part.Validity, part.Opinion)
	}
}

// Whoever sees the operations of a run one by one comes to the same part, to the last word, as who sees all at once.
func TestAPassAgreesWithACheck(t *testing.T) {
	seen := map[checker.Validity]int{}
	for seed := range uint64(2_000) {
		rng := rand.New(rand.NewPCG(seed, 6))
		s := simulation{
			rng: rng, keys: []string{"x", "y"}, processes: 1 + rng.IntN(4), length: 4 + rng.IntN(40), values: 2 + rng.IntN(4),
			unique: rng.IntN(2) == 0, blind: rng.IntN(4) == 0, spoil: rng.IntN(2),
		}
		events := s.run()
		ops, err := history.Operations(events)
		if err != nil {
			t.Fatal(err)
		}
		c := Checker(CASRegister()).(checker.Streamed)
		want := c.Check(t.Context(), checker.Input{Operations: ops}, checker.Options{})
		pass := c.Begin(t.Context(), checker.Options{})
		got := pass.End(t.Context(), checker.Input{}, historytest.Play(t, events, pass.Add))
		if seen[got.Validity]++; !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: %+v\nand as a whole %+v\n%s", seed, got, want, render(ops))
		}
	}
	if seen[checker.Valid] < 200 || seen[checker.Invalid] < 200 {
		t.Errorf("lopsided: %v", seen)
	}
}

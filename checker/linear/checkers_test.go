package linear

import (
	"context"
	"testing"

	"faultline/checker"
	"faultline/history"
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

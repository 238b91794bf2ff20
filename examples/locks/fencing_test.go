package locks

import (
	"slices"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// acquire and release are operations on one lock, by their positions in a history.
func acquire(owner, token int64, invoked, returned int32) history.Operation {
	return history.Operation{F: "acquire", Key: "a", Process: int32(owner), Outcome: history.OK,
		Input: history.IntValue(owner), Output: history.IntValue(token), Invoked: invoked, Returned: returned}
}

func release(owner int64, invoked, returned int32) history.Operation {
	return history.Operation{F: "release", Key: "a", Process: int32(owner), Outcome: history.OK,
		Input: history.IntValue(owner), Invoked: invoked, Returned: returned}
}

func TestFencing(t *testing.T) {
	for _, test := range []struct {
		name string
		ops  []history.Operation
		want []string // the rules that are broken
	}{
		{"one after the other", []history.Operation{acquire(1, 1, 0, 1), release(1, 2, 3), acquire(2, 2, 4, 5)}, nil},
		{"while it is given back", []history.Operation{acquire(1, 1, 0, 1), release(1, 2, 5), acquire(2, 2, 3, 4)}, nil},
		{"two holders", []history.Operation{acquire(1, 1, 0, 1), acquire(2, 2, 2, 3), release(1, 4, 5)}, []string{"mutual exclusion"}},
		{"never given back", []history.Operation{acquire(1, 1, 0, 1), acquire(2, 2, 2, 3)}, []string{"mutual exclusion"}},
		{"a token again", []history.Operation{acquire(1, 1, 0, 1), release(1, 2, 3), acquire(2, 1, 4, 5)}, []string{"tokens grow"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			part := fencing{}.Check(t.Context(), checker.Input{Operations: test.ops}, checker.Options{})
			var broken []string
			for _, f := range part.Findings {
				broken = append(broken, f.Rule)
			}
			if !slices.Equal(broken, test.want) || (part.Validity == checker.Valid) != (test.want == nil) {
				t.Errorf("%v: %v, want %v", part.Validity, broken, test.want)
			}
		})
	}
}

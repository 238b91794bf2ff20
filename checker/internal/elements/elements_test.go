package elements

import (
	"testing"

	"pgregory.net/rapid"

	"faultline/history"
)

// Equal values have one number, others have not, and a number leads back to its value.
func TestNumbers(t *testing.T) {
	values := rapid.OneOf(
		rapid.Map(rapid.Int64Range(-3, 3000), history.IntValue),
		rapid.Map(rapid.SampledFrom([]int64{-1 << 63, 1<<63 - 1, 1 << 40}), history.IntValue),
		rapid.Map(rapid.SampledFrom([]string{"", "1", "a"}), history.TextValue),
		rapid.Map(rapid.Int64Range(0, 2), func(n int64) history.Value { return history.PairValue(n, 1) }),
		rapid.Just(history.NilValue()), rapid.Just(history.SetValue(history.IntValue(1))), rapid.Just(history.ListValue(history.IntValue(1))),
	)
	rapid.Check(t, func(t *rapid.T) {
		var n Numbers
		var seen []history.Value
		for _, v := range rapid.SliceOf(values).Draw(t, "values") {
			want := len(seen)
			for i, w := range seen {
				if v.Equal(w) {
					want = i
				}
			}
			if want == len(seen) {
				seen = append(seen, v)
			}
			if got := n.Of(v); int(got) != want || !n.Value(got).Equal(v) || n.Len() != len(seen) {
				t.Fatalf("%v is number %d, want %d of %d", v, got, want, len(seen))
			}
		}
	})
}

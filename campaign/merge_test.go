package campaign

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"faultline/results"
)

// Plans that were cut into ranges, in any order and with any overlap, are joined to the plan that they were cut from.
func TestRangesAreJoined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := quickPlan(rapid.IntRange(1, 1000).Draw(t, "count"))
		whole.Spec.Seed = rapid.Uint64Range(0, 1<<62).Draw(t, "seed")
		var parts []part
		for from := 0; from < whole.Count; {
			count := rapid.IntRange(1, whole.Count-from).Draw(t, "part")
			again := rapid.IntRange(0, from).Draw(t, "overlap")
			p := whole
			p.Spec.Seed += uint64(from - again)
			p.Count = count + again
			parts = append(parts, part{plan: p})
			from += count
		}
		sortParts(parts)
		got, err := joined(parts)
		if err != nil || got.Spec.Seed != whole.Spec.Seed || got.Count != whole.Count {
			t.Fatalf("seeds %s, %v; they were %s", seeds(got), err, seeds(whole))
		}
	})
}

// Two lines that say nothing of their histories do not agree.
func TestLinesWithoutDigests(t *testing.T) {
	if err := agree([]part{{dir: "a", lines: []results.Line{{Seed: 1}}}, {dir: "b", lines: []results.Line{{Seed: 1}}}}); err == nil || errors.Is(err, ErrDifferent) {
		t.Error(err)
	}
}

package siblings_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/siblings"
	"faultline/cluster/ops"
	"faultline/history"
)

// TestAgreesWithTheDefinition draws registers that now and then lose something or bring it back.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		in := checker.Input{Operations: all, Ending: checker.Ending{Settled: time.Duration(rapid.SampledFrom([]int{0, 20}).Draw(t, "settled"))}}
		for _, stale := range []bool{false, true} {
			part := siblings.Checker(siblings.Options{Stale: stale}).Check(t.Context(), in, checker.Options{})
			want := byDefinition(all, in.Settled, stale)
			counts[want.String()]++
			if part.Validity != want {
				t.Fatalf("want %v: %s\n%v", want, scripttest.Show(part), all)
			}
		}
	})
	t.Log(counts)
}

// drawn are operations one after the other, some of which last longer.
func drawn(t *rapid.T) []history.Operation {
	var all []history.Operation
	var has []history.Value
	n := int32(rapid.IntRange(2, 12).Draw(t, "operations"))
	for i := range n {
		op := history.Operation{F: ops.Read, Key: "k", Process: i, Outcome: history.OK, Invoked: 4 * i, Returned: 4*i + 1 + 4*int32(rapid.IntRange(0, 2).Draw(t, "lasts"))}
		op.Invoke, op.Return = time.Duration(op.Invoked), time.Duration(op.Returned)
		if rapid.Bool().Draw(t, "reads") {
			op.Output = history.ListValue(some(t, has)...)
		} else {
			op.F = ops.Write
			w := ops.SiblingWrite{Value: history.IntValue(int64(i)), Replaces: some(t, has)}
			op.Input = w.Encode()
			op.Outcome = rapid.SampledFrom([]history.Type{history.OK, history.OK, history.OK, history.Info, history.Fail}).Draw(t, "outcome")
			if rapid.IntRange(0, 3).Draw(t, "keeps what it replaces") > 0 {
				has = slices.DeleteFunc(has, func(v history.Value) bool { return slices.ContainsFunc(w.Replaces, v.Equal) })
			}
			has = append(has, w.Value)
		}
		all = append(all, op)
	}
	return all
}

// some are mostly all of them.
func some(t *rapid.T, all []history.Value) (kept []history.Value) {
	for _, v := range all {
		if rapid.IntRange(0, 5).Draw(t, "leave out") > 0 {
			kept = append(kept, v)
		}
	}
	return kept
}

// byDefinition is the answer by the sentences of the package's documentation.
func byDefinition(all []history.Operation, settled time.Duration, mayBeStale bool) checker.Validity {
	said := checker.Unknown
	replaces := func(w, v history.Operation) bool {
		has, _ := ops.DecodeSiblingWrite(w.Input)
		old, _ := ops.DecodeSiblingWrite(v.Input)
		return slices.ContainsFunc(has.Replaces, old.Value.Equal)
	}
	holds := func(r, w history.Operation) bool {
		v, _ := ops.DecodeSiblingWrite(w.Input)
		return slices.Contains(strs(r.Output), v.Value.String())
	}
	var reads, writes []history.Operation
	for _, op := range all {
		if op.F == ops.Read {
			reads = append(reads, op)
		} else {
			writes = append(writes, op)
		}
	}
	var inPlace func(w, v history.Operation) bool
	inPlace = func(w, v history.Operation) bool {
		return replaces(w, v) || slices.ContainsFunc(writes, func(x history.Operation) bool { return replaces(w, x) && inPlace(x, v) })
	}
	final := slices.ContainsFunc(reads, func(r history.Operation) bool { return settled > 0 && r.Invoke >= settled })
	undecided := false
	for _, r := range reads {
		for _, w := range writes {
			replaced := func(x history.Operation) bool { return x.Outcome != history.Fail && replaces(x, w) }
			begun := slices.ContainsFunc(writes, func(x history.Operation) bool { return replaced(x) && x.Invoked < r.Returned })
			ever := slices.ContainsFunc(writes, replaced)
			later := slices.ContainsFunc(reads, func(s history.Operation) bool { return s.Invoked > r.Invoked && holds(s, w) })
			switch {
			case holds(r, w):
				if w.Outcome == history.Fail || w.Invoked > r.Returned ||
					slices.ContainsFunc(writes, func(x history.Operation) bool { return holds(r, x) && inPlace(x, w) }) {
					return checker.Invalid
				}
				if w.Outcome == history.OK && w.Returned < r.Invoked && !begun {
					said = checker.Valid
				}
			case w.Outcome == history.OK && w.Returned < r.Invoked && !begun:
				if !mayBeStale || settled > 0 && r.Invoke >= settled {
					return checker.Invalid
				}
				undecided = undecided || !ever && !later
				said = checker.Valid
			}
		}
	}
	if undecided && !final {
		return checker.Unknown
	}
	return said
}

func strs(v history.Value) (all []string) {
	for e := range v.Elements {
		all = append(all, fmt.Sprint(e))
	}
	return all
}

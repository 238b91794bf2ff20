package sets_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/drawn"
	"faultline/checker/internal/scripttest"
	"faultline/checker/linear"
	"faultline/checker/sets"
	"faultline/history"
)

// The checkers find what the definitions say, about sets that are mostly right and now and then lie.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := &lyingSet{lies: rapid.SampledFrom([]int{0, 5, 20, 40}).Draw(t, "lies")}
		all := drawn.Operations(t, 14, s)
		in := checker.Input{Operations: all}
		in.Settled = time.Duration(rapid.SampledFrom([]int{0, 0, 12, 18}).Draw(t, "settled")) * time.Second
		marked := slices.Clone(all)
		for i := range marked {
			marked[i].Final = marked[i].Final || in.Settled > 0 && marked[i].Invoke >= in.Settled
		}
		if in.Settled > 0 { // there is a last phase, whether or not anything took place in it
			marked = append(marked, history.Operation{F: "read", Final: true, Outcome: history.Fail, Invoked: math.MaxInt32})
		}
		for _, c := range []struct {
			checker    checker.Checker
			definition func([]history.Operation) (broken map[string]bool, said bool)
		}{
			{sets.Set(), setByDefinition},
			{sets.Full(sets.Options{}), fullByDefinition},
			{sets.Full(sets.Options{Linearizable: true}), linearizableByDefinition},
			{sets.CausalReverse(), reverseByDefinition},
		} {
			got := c.checker.Check(t.Context(), in, checker.Options{})
			broken, said := c.definition(marked)
			want := checker.Unknown
			switch {
			case len(broken) > 0:
				want = checker.Invalid
			case said:
				want = checker.Valid
			}
			counts[fmt.Sprintf("%s %v", c.checker.Name(), want)]++
			if got.Validity != want || !maps.Equal(rules(got), broken) {
				t.Fatalf("%s: want %v %v, got %s\n%s", c.checker.Name(), want, broken, scripttest.Show(got), drawn.Show(all))
			}
		}
	})
	t.Log(counts)
}

// What is linearizable is right by every checker.
func TestLinearizableSetsAreRight(t *testing.T) {
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		s := &lyingSet{lies: rapid.SampledFrom([]int{0, 20}).Draw(t, "lies")}
		all := drawn.Operations(t, 14, s)
		if linear.Linearizable(linear.Set(), all, checker.Options{SecondOpinion: checker.NoSecondOpinion}).Validity != checker.Valid {
			return
		}
		valid++
		for _, c := range []checker.Checker{sets.Set(), sets.Full(sets.Options{Linearizable: true}), sets.CausalReverse()} {
			if got := c.Check(t.Context(), checker.Input{Operations: all}, checker.Options{}); got.Validity == checker.Invalid {
				t.Fatalf("%s\n%s", scripttest.Show(got), drawn.Show(all))
			}
		}
	})
	t.Logf("%d of them are", valid)
}

// rules are those that a part says are broken.
func rules(p checker.Part) map[string]bool {
	broken := map[string]bool{}
	for _, f := range p.Findings {
		if f.Validity == checker.Invalid {
			broken[f.Rule] = true
		}
	}
	return broken
}

// lyingSet is a set whose reads are wrong now and then: so many of a hundred.
type lyingSet struct {
	held []history.Value
	lies int
}

func (s *lyingSet) Invoke(t *rapid.T) history.Operation {
	if rapid.IntRange(0, 2).Draw(t, "add") > 0 {
		return history.Operation{F: "add", Input: history.IntValue(rapid.Int64Range(0, 4).Draw(t, "element"))}
	}
	return history.Operation{F: "read", Final: rapid.IntRange(0, 9).Draw(t, "final") == 0}
}

func (s *lyingSet) Apply(t *rapid.T, op *history.Operation) {
	if op.F == "add" {
		if !slices.ContainsFunc(s.held, op.Input.Equal) {
			s.held = append(s.held, op.Input)
		}
		return
	}
	told := slices.Clone(s.held)
	if rapid.IntRange(0, 99).Draw(t, "lie") < s.lies {
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			told = append(told, history.IntValue(rapid.Int64Range(0, 5).Draw(t, "element")))
		default:
			told = slices.DeleteFunc(told, func(history.Value) bool { return rapid.IntRange(0, 2).Draw(t, "lacks") == 0 })
		}
	}
	op.Output = history.ListValue(told...)
}

// The definitions, element by element and read by read.

func has(read history.Operation, e history.Value) bool {
	list, _ := read.Output.List()
	return slices.ContainsFunc(list, e.Equal)
}

func oks(all []history.Operation, f string) []history.Operation {
	return slices.DeleteFunc(slices.Clone(all), func(op history.Operation) bool { return op.F != f || op.Outcome != history.OK })
}

// tried are the adds of an element that may have taken effect.
func tried(all []history.Operation, e history.Value) []history.Operation {
	return slices.DeleteFunc(slices.Clone(all), func(op history.Operation) bool {
		return op.F != "add" || op.Outcome == history.Fail || !op.Input.Equal(e)
	})
}

// impossible finds what no read can have.
func impossible(all, reads []history.Operation) map[string]bool {
	broken := map[string]bool{}
	for _, r := range reads {
		list, _ := r.Output.List()
		for i, e := range list {
			if slices.ContainsFunc(list[:i], e.Equal) {
				broken["duplicated"] = true
			}
			if !slices.ContainsFunc(tried(all, e), func(a history.Operation) bool { return a.Invoked < r.Returned }) {
				broken["unexpected"] = true
			}
		}
	}
	return broken
}

func lastPhase(all []history.Operation) int32 {
	for _, op := range all {
		if op.Final {
			return op.Invoked
		}
	}
	return math.MaxInt32
}

func setByDefinition(all []history.Operation) (broken map[string]bool, said bool) {
	reads := oks(all, "read")
	marked := slices.ContainsFunc(all, func(op history.Operation) bool { return op.Final })
	reads = slices.DeleteFunc(reads, func(r history.Operation) bool {
		last := !slices.ContainsFunc(oks(all, "read"), func(other history.Operation) bool { return other.Returned > r.Returned })
		return marked && !r.Final || !marked && !last
	})
	broken = impossible(all, reads)
	for _, r := range reads {
		for _, a := range oks(all, "add") {
			due := a.Returned < r.Invoked && (!marked || a.Returned < lastPhase(all))
			if due && !has(r, a.Input) {
				broken["lost"] = true
			}
			said = said || due
		}
		list, _ := r.Output.List()
		said = said || len(list) > 0
	}
	return broken, said
}

func linearizableByDefinition(all []history.Operation) (broken map[string]bool, said bool) {
	return elementsByDefinition(all, true)
}

func fullByDefinition(all []history.Operation) (broken map[string]bool, said bool) {
	return elementsByDefinition(all, false)
}

func elementsByDefinition(all []history.Operation, linearizable bool) (broken map[string]bool, said bool) {
	reads := oks(all, "read")
	broken = impossible(all, reads)
	for element := range int64(6) {
		e := history.IntValue(element)
		if len(tried(all, e)) == 0 {
			continue
		}
		known := func(at int32) bool {
			return slices.ContainsFunc(all, func(op history.Operation) bool {
				tells := op.F == "add" && op.Input.Equal(e) || op.F == "read" && has(op, e)
				return op.Outcome == history.OK && op.Returned < at && tells
			})
		}
		lost, stale := false, false
		for _, r := range reads {
			if has(r, e) || !known(r.Invoked) {
				continue
			}
			later := slices.ContainsFunc(reads, func(other history.Operation) bool { return other.Invoked > r.Invoked && has(other, e) })
			lost = lost || !later || r.Final && known(lastPhase(all))
			stale = stale || later
		}
		if lost {
			broken["lost"] = true
		} else if stale && linearizable {
			broken["stale"] = true
		}
		said = said || !lost && len(reads) > 0 && has(reads[len(reads)-1], e)
	}
	return broken, said
}

func reverseByDefinition(all []history.Operation) (broken map[string]bool, said bool) {
	broken = map[string]bool{}
	reads := oks(all, "read")
	for _, r := range reads {
		list, _ := r.Output.List()
		for _, later := range list {
			for _, earlier := range oks(all, "add") {
				writes := tried(all, later)
				if !has(r, earlier.Input) && len(writes) > 0 && !slices.ContainsFunc(writes, func(w history.Operation) bool { return w.Invoked < earlier.Returned }) {
					broken["reversed"] = true
				}
			}
		}
	}
	return broken, len(reads) > 0
}

// Ids are compared as values.
func TestIDsAgreeWithTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawn.Operations(t, 10, generator{})
		want, given := checker.Unknown, oks(all, "generate")
		if len(given) > 0 {
			want = checker.Valid
		}
		for i, a := range given {
			for _, b := range given[:i] {
				if a.Output.Equal(b.Output) {
					want = checker.Invalid
				}
			}
		}
		if got := sets.UniqueIDs().Check(t.Context(), checker.Input{Operations: all}, checker.Options{}); got.Validity != want {
			t.Fatalf("want %v, got %s\n%s", want, scripttest.Show(got), drawn.Show(all))
		}
	})
}

type generator struct{}

func (generator) Invoke(*rapid.T) history.Operation { return history.Operation{F: "generate"} }

func (generator) Apply(t *rapid.T, op *history.Operation) {
	n := rapid.Int64Range(-2, 30).Draw(t, "id")
	op.Output = rapid.SampledFrom([]history.Value{history.IntValue(n), history.TextValue(string(rune(97 + n + 2))), history.PairValue(n, 1)}).Draw(t, "value")
}

package locks_test

import (
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/locks"
	"faultline/cluster/ops"
	"faultline/history"
)

// The checker and the definition agree: there is an order of what was acknowledged that keeps to real time, in which the tokens of acquires
// grow and those of the register never shrink.
func TestFencedAgreesWithTheDefinition(t *testing.T) {
	counts := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		all := fencedHistories(t)
		got := locks.Fenced().Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
		want := inOrder(all, make([]bool, len(all)), 0, 0)
		counts[want]++
		if want == (got.Validity == checker.Invalid) {
			t.Fatalf("there is an order: %v, got %s\n%v", want, scripttest.Show(got), all)
		}
	})
	t.Logf("%d have an order, %d have none", counts[true], counts[false])
}

// inOrder reports whether the operations that are not done can be put in order, the last acquire and the register having these tokens.
func inOrder(all []history.Operation, done []bool, acquired, register int64) bool {
	left := false
	for i, op := range all {
		if done[i] || op.Outcome != history.OK {
			continue
		}
		left = true
		if !mayBeNext(all, done, op) {
			continue
		}
		a, r := acquired, register
		switch token := shownToken(op); {
		case op.F == ops.Acquire && token > a:
			a = token
		case op.F != ops.Acquire && token >= r:
			r = token
		default:
			continue
		}
		done[i] = true
		fits := inOrder(all, done, a, r)
		done[i] = false
		if fits {
			return true
		}
	}
	return !left
}

// mayBeNext reports whether no other operation had returned before this one was called.
func mayBeNext(all []history.Operation, done []bool, op history.Operation) bool {
	for j, other := range all {
		if !done[j] && other.Outcome == history.OK && other.Returned < op.Invoked {
			return false
		}
	}
	return true
}

func shownToken(op history.Operation) int64 {
	switch op.F {
	case ops.Acquire:
		n, _ := op.Output.Int()
		return n
	case ops.Read:
		f, _ := ops.DecodeFenced(op.Output) // null has token 0
		return f.Token
	default:
		f, _ := ops.DecodeFenced(op.Input)
		return f.Token
	}
}

// fencedHistories draws what a few processes do with one lock and its register. Tokens mostly grow.
func fencedHistories(t *rapid.T) []history.Operation {
	number := func(low, high int, what string) int { return rapid.IntRange(low, high).Draw(t, what) }
	var all []history.Operation
	open := map[int32]int{}
	token := int64(1)
	for at := range number(4, 18, "events") {
		p := int32(number(1, 3, "process"))
		i, busy := open[p]
		if !busy {
			open[p] = len(all)
			f := rapid.SampledFrom([]string{ops.Acquire, ops.Read, ops.FencedWrite}).Draw(t, "f")
			all = append(all, history.Operation{Process: p, F: f, Invoked: int32(at), Returned: -1, Outcome: history.Info})
			continue
		}
		delete(open, p)
		op := &all[i]
		op.Outcome, op.Returned = history.OK, int32(at)
		token = max(1, token+int64(number(-1, 3, "growth")))
		fence := ops.Fenced{Token: token, Value: history.IntValue(5)}.Encode()
		switch {
		case op.F == ops.Acquire:
			op.Output = history.IntValue(token)
		case op.F == ops.FencedWrite:
			op.Input = fence
		case number(0, 5, "nothing") == 0:
			op.Output = history.NilValue()
		default:
			op.Output = fence
		}
	}
	// an open write has an argument, too
	for _, i := range open {
		if all[i].F == ops.FencedWrite {
			all[i].Input = ops.Fenced{Token: token, Value: history.IntValue(5)}.Encode()
		}
	}
	return all
}

package lease_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/lease"
	"faultline/cluster/ops"
	"faultline/history"
)

// The checker and the definition agree on whether there is a moment at which the key was attached and one at which the lease ended,
// about histories that mostly have such moments and about those that are anything.
func TestAgreesWithTheDefinition(t *testing.T) {
	counts := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		all := histories(t)
		got := lease.Checker().Check(t.Context(), checker.Input{Operations: all}, checker.Options{})
		want := explained(all)
		counts[want]++
		if want == (got.Validity == checker.Invalid) {
			t.Fatalf("explained: %v, got %s\n%s", want, scripttest.Show(got), shown(all))
		}
	})
	t.Logf("%d have an explanation, %d have none", counts[true], counts[false])
}

const horizon = 60

// histories draws a grant and a few operations on the lease and its key, around the moments of a life that is drawn too. An answer is
// what it should be, or now and then something else.
func histories(t *rapid.T) []history.Operation {
	number := func(low, high int, what string) int { return rapid.IntRange(low, high).Draw(t, what) }
	ended := number(10, horizon, "ended")
	all := []history.Operation{{F: ops.Grant, Outcome: history.OK, Input: ops.TTL(time.Second), Invoked: 0, Returned: 1}}
	for i := range number(1, 6, "operations") {
		op := history.Operation{Process: int32(i), Outcome: history.OK, Invoked: int32(number(2, horizon, "invoked"))}
		op.Returned = op.Invoked + int32(number(1, 10, "took"))
		alive := number(int(op.Invoked), int(op.Returned), "at") < ended
		if number(0, 7, "lie") == 0 {
			alive = !alive
		}
		op.F = rapid.SampledFrom([]string{ops.KeepAlive, ops.Read, ops.Read, ops.Revoke}).Draw(t, "f")
		if i == 0 {
			op.F = ops.Attach
		}
		answer(&op, alive, number(1, 20, "ttl"))
		if op.F != ops.Read && number(0, 5, "no answer") == 0 {
			op.Outcome, op.Output, op.Returned = history.Info, history.Value{}, -1
			op.Answered("", "timeout")
		}
		all = append(all, op)
	}
	all[0].Output = ops.Lease{ID: 7, TTL: time.Duration(number(1, 20, "ttl")) * time.Second}.Encode()
	slices.SortStableFunc(all, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	separate(all)
	return all
}

// answer is what an operation is told of a lease that is alive, or is not.
func answer(op *history.Operation, alive bool, ttl int) {
	seven := history.IntValue(7)
	switch {
	case op.F == ops.Attach:
		op.Key, op.Input = "k", ops.Attachment{Lease: 7, Value: history.IntValue(5)}.Encode()
	case op.F == ops.Read:
		op.Key, op.Output = "k", history.NilValue()
		if alive {
			op.Output = history.IntValue(5)
		}
		return
	case op.F == ops.KeepAlive:
		op.Input, op.Output = seven, ops.Lease{ID: 7, TTL: time.Duration(ttl) * time.Second}.Encode()
	default:
		op.Input = seven
	}
	if !alive {
		op.Outcome, op.Output = history.Fail, history.Value{}
		op.Answered("", ops.LeaseNotFound)
	}
}

// separate gives each event a position of its own, and its time.
func separate(all []history.Operation) {
	const fine = 16
	for i := range all {
		op := &all[i]
		op.Invoked = op.Invoked*fine + int32(i)
		if op.Returned >= 0 {
			op.Returned = op.Returned*fine + fine/2 + int32(i)
		}
		op.Invoke, op.Return = time.Duration(op.Invoked)*time.Second/fine, time.Duration(op.Returned)*time.Second/fine
	}
}

// explained tries all moments at which the key may have been attached and the lease may have ended. Moments are positions, and those
// in the middle between two.
func explained(all []history.Operation) bool {
	const last = 2 * 100 * 16
	interesting := map[int]bool{0: true, last: true}
	for _, op := range all {
		for _, p := range []int{int(op.Invoked), int(op.Returned), until(op)} {
			for d := -1; d <= 1; d++ {
				interesting[2*p+d] = true
			}
		}
	}
	for attached := range interesting {
		for ended := range interesting {
			if attached >= 0 && ended >= 0 && holds(all, attached, ended) {
				return true
			}
		}
	}
	return false
}

// until is the position up to which an operation was promised that the lease lives.
func until(op history.Operation) int {
	if op.Outcome != history.OK || op.F != ops.Grant && op.F != ops.KeepAlive {
		return 0
	}
	l, _ := ops.DecodeLease(op.Output)
	return int(op.Invoked) + 16*int(l.TTL/time.Second)
}

// holds reports whether all operations agree with these two moments, which are counted in halves of positions.
func holds(all []history.Operation, attached, ended int) bool {
	revoked, natural := false, true
	for _, op := range all {
		begin, end := 2*int(op.Invoked), 2*int(op.Returned)
		if op.Returned < 0 {
			end = 1 << 30
		}
		missing := op.Outcome == history.Fail
		switch {
		case op.F == ops.Revoke && !missing:
			revoked = revoked || begin <= ended && ended <= end
			if op.Outcome == history.OK && ended > end {
				return false
			}
		case missing:
			if end < ended {
				return false
			}
		case op.F == ops.Attach:
			if attached < begin || op.Outcome == history.OK && (attached > end || begin >= ended) {
				return false
			}
		case op.F == ops.Read && op.Output.Kind() == history.Nil:
			if begin >= attached && end < ended {
				return false
			}
		case op.F == ops.Read:
			if end < attached || begin >= ended {
				return false
			}
		case op.Outcome == history.OK:
			if begin >= ended {
				return false
			}
			natural = natural && ended >= 2*until(op)
		}
		if op.F == ops.Attach && missing && slices.ContainsFunc(all, func(r history.Operation) bool { return r.F == ops.Read && r.Output.Kind() == history.Int }) {
			return false
		}
	}
	return natural || revoked
}

func shown(all []history.Operation) string {
	var b strings.Builder
	for _, op := range all {
		fmt.Fprintf(&b, "%d-%d  %d  %s %s %v  %v %v %s\n", op.Invoked, op.Returned, op.Process, op.F, op.Key, op.Input, op.Outcome, op.Output, op.Reason())
	}
	return b.String()
}

package ladder

import (
	"slices"
	"testing"
	"time"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
)

// What measures count is there in every order: no order of all operations that keeps real time, with reads that see any version
// from before, has reads that are less far behind. And a history without stale reads may be linearizable, one with them is not.
func TestMeasuresAreLowerBounds(t *testing.T) {
	behind := 0
	for seed := range uint64(3_000) {
		ops := draw(seed, 3+int(seed%4)).operations()
		m := Measure(ops)
		if least, any := leastBehind(ops); any && m.Behind.Max > least {
			t.Fatalf("seed %d: some read is counted to be %d versions behind, and there is an order in which none is more than %d\n%s",
				seed, m.Behind.Max, least, render(ops))
		}
		if m.Violations.Stale > 0 {
			behind++
			if r := Check(ops, []string{Linearizable}, Options{})[0]; r.Validity != checker.Invalid {
				t.Fatalf("seed %d: there are stale reads, and linearizable is %v\n%s", seed, r.Validity, render(ops))
			}
		}
	}
	if behind < 300 {
		t.Errorf("only %d histories have stale reads", behind)
	}
}

// leastBehind tries every order of the operations that keeps real time, for the one in which the read that is furthest behind
// is least so; false if no order has each read after what it saw.
func leastBehind(ops []history.Operation) (least int, any bool) {
	b := bruteOf(ops)
	before := func(i, j int) bool {
		first, second := ops[b.events[i].op], ops[b.events[j].op]
		return first.Outcome != history.Info && first.Returned < second.Invoked || b.halves(i, j)
	}
	b.someOrder(b.all(), before, func(order []int) bool {
		worst := 0
		for at, i := range order {
			if b.events[i].write {
				continue
			}
			missed := 0
			saw := slices.Index(order[:at], b.writer(i))
			if saw < 0 && b.writer(i) != -1 {
				return false
			}
			for _, j := range order[saw+1 : at] {
				if b.events[j].write && b.events[j].key == b.events[i].key {
					missed++
				}
			}
			if ops[b.events[i].op].F == "read" {
				worst = max(worst, missed)
			} else if missed > 0 && ops[b.events[i].op].Outcome != history.Fail {
				return false // a cas changes what is there
			}
		}
		if !any || worst < least {
			least, any = worst, true
		}
		return least == 0
	})
	return least, any
}

// The age that bounded staleness would have to allow is one with which it is not refuted, and a millisecond less is.
func TestLeastAge(t *testing.T) {
	found := 0
	for seed := range uint64(2_000) {
		ops := draw(seed, 3+int(seed%8)).operations()
		r := Check(ops, []string{BoundedStaleness}, Options{})[0]
		if r.Freshest == nil || r.Freshest.Unbounded || r.Freshest.Age == 0 {
			continue
		}
		found++
		for less, want := range map[time.Duration]checker.Validity{0: checker.Valid, time.Millisecond: checker.Invalid} {
			if age := r.Freshest.Age - less; age > 0 {
				part := linear.Bounded(linear.CASRegister(), ops, age, checker.Options{})
				if part.Validity != want {
					t.Fatalf("seed %d: at %v it is %v\n%s", seed, age, part.Validity, render(ops))
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d histories have old reads", found)
	}
}

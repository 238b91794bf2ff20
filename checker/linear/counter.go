package linear

import (
	"fmt"
	"math"

	"faultline/checker"
	"faultline/history"
)

// Counter is a counter that begins at 0. Its functions are
//
//	add n, inc [n]   it becomes n more; inc without a number means 1
//	dec [n]          it becomes n less; without a number 1
//	read             the output is the count
//
// A failed operation did nothing and says nothing, as does a read that ended in info.
func Counter() Model {
	return Model{
		name: "counter", functions: []string{"add", "inc", "dec", "read"}, read: readCounter,
		machine: func(o *object) machine { return &counterMachine{o.values, o.holds(), o.allowance} }, hold: holdCount,
		direct: decideCounter, stage: stageStaircase,
	}
}

// largest bounds what a counter is told, so that sums over any history stay integers.
const largest = math.MaxInt64 >> 32

func readCounter(o *object, op *history.Operation, it *item) (says bool, err error) {
	switch op.F {
	case "read":
		if op.Outcome != history.OK {
			return false, nil
		}
		if _, ok := op.Output.Int(); !ok {
			return false, fmt.Errorf("it is ok and returns no integer")
		}
		it.action, it.want = reads, o.values.number(op.Output)
		return true, nil
	case "add", "inc", "dec":
		n, ok := op.Input.Int()
		if k := op.Input.Kind(); op.F != "add" && (k == history.None || k == history.Nil) {
			n, ok = 1, true
		}
		if !ok || n > largest || n < -largest {
			return false, fmt.Errorf("its input %s is not an integer within ±%d", short(op.Input), int64(largest))
		}
		if op.F == "dec" {
			n = -n
		}
		it.action, it.put = adds, o.values.number(history.IntValue(n))
		return op.Outcome != history.Fail && n != 0, nil
	default:
		return false, fmt.Errorf("a counter has add, inc, dec and read only")
	}
}

// counterMachine is the sequential specification. Its state is the number of the count.
type counterMachine struct {
	values    *values
	first     int32 // none for 0
	allowance *allowance
}

// bytesPerCount is what a count takes that no read told of.
const bytesPerCount = 32

func (m *counterMachine) initial() int32 {
	if m.first != none {
		return m.first
	}
	return m.values.number(history.IntValue(0))
}

func (m *counterMachine) after(state int32, it *item, to []int32) []int32 {
	if it.action == adds {
		held, _ := m.values.value(state).Int()
		n, _ := m.values.value(it.put).Int()
		before := m.values.len()
		next := m.values.integer(held + n)
		if m.values.len() > before {
			m.allowance.take(bytesPerCount)
		}
		return append(to, next)
	}
	if state == it.want {
		return append(to, state)
	}
	return to
}

func (m *counterMachine) pure(it *item) bool { return it.action == reads }

func (m *counterMachine) describe(state int32) string { return short(m.values.value(state)) }

// stageStaircase is the stage that decides counters to which only one number is ever added, and mutexes, in
// linear time after sorting.
//
// What is added is the same each time, so the count climbs step by step. A read of k needs that the
// count was at most k when the read was invoked, and at least k when it returned; then it was k in
// between. An addition has to take effect in its interval. Climb as late as possible: only when a read
// returns that needs a higher count, or when an addition returns that has not taken effect; and of the
// additions under way let the one that returns first take effect.
//
// This climb is at no time higher than any other one that meets all demands, so that if a read finds it
// too high, or nothing is there to climb with, there is no linearization. Assume that it is as high as
// another climb and is about to pass it, at time t. If a read demands the step, the other climb makes it
// too. Otherwise an addition j returns at t. Let t0 be the last time before at which the late climb used
// an addition that returns after t. It took the one that returns first, so j and all that it used since,
// which return by t, were invoked after t0 and took effect after t0 in the other climb too: there they
// are one step more than the late climb made since t0, and at t0 it was no higher than the other.
const stageStaircase = "staircase"

func decideCounter(o *object, c *clock) checker.Validity {
	step := int64(0)
	for i := range c.UpTo(len(o.items)) {
		if it := &o.items[i]; it.action == adds {
			n, _ := o.values.value(it.put).Int()
			if step != 0 && n != step {
				return checker.Unknown
			}
			step = n
		}
	}
	first := int64(0)
	if o.holds() != none {
		first, _ = o.values.value(o.holds()).Int()
	}
	height := func(it *item) (int64, bool) { // of a read, in steps from where it begins
		n, _ := o.values.value(it.want).Int()
		n -= first
		if step == 0 {
			return n, n == 0
		}
		return n / step, n%step == 0 && n/step >= 0
	}
	count := int64(0)
	var under queue
	if sweep(c, o.items,
		func(it *item) bool {
			if it.action == adds {
				under.add(it)
				return true
			}
			k, ok := height(it)
			return ok && count <= k
		},
		func(it *item) bool {
			if it.action == adds {
				if under.overdue(it) {
					count++
					under.take()
				}
				return true
			}
			for k, _ := height(it); count < k; count++ {
				if !under.take() {
					return false
				}
			}
			return true
		}) {
		return checker.Valid
	}
	return checker.Invalid
}

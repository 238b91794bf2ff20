package linear

import (
	"fmt"

	"faultline/checker"
	"faultline/history"
)

// Mutex is a lock that is free at first: acquire takes it, release gives it back, whoever took it. A
// failed operation did nothing and says nothing.
func Mutex() Model {
	return Model{
		name: "mutex", functions: []string{"acquire", "release"}, read: readMutex,
		machine: func(o *object) machine { return mutexMachine{max(free, o.holds())} }, hold: holdLock,
		direct: decideMutex, stage: stageStaircase,
	}
}

func readMutex(_ *object, op *history.Operation, it *item) (says bool, err error) {
	switch op.F {
	case "acquire":
		it.action = acquires
		return op.Outcome != history.Fail, nil
	case "release":
		it.action = releases
		return op.Outcome != history.Fail, nil
	default:
		return false, fmt.Errorf("a mutex has acquire and release only")
	}
}

// The states of a lock.
const (
	free int32 = iota
	taken
)

// mutexMachine is the sequential specification.
type mutexMachine struct{ first int32 }

func (m mutexMachine) initial() int32 { return m.first }

func (mutexMachine) after(state int32, it *item, to []int32) []int32 {
	if it.action == acquires && state == free || it.action == releases && state == taken {
		return append(to, free+taken-state)
	}
	return to
}

func (mutexMachine) pure(*item) bool { return false }

func (mutexMachine) describe(state int32) string { return []string{"free", "taken"}[state] }

// decideMutex climbs a staircase whose steps are acquire and release by turns, as late as possible: see
// Staircase. A step up to the next acquire may need a release in between, and the reverse. That the late
// climb is the lowest is shown as there, for the acquires or the releases alone: if j is an acquire that
// returns at t, any climb made one acquire more than the late one has so far, and so all steps that come
// before it.
func decideMutex(o *object, c *clock) checker.Validity {
	var acquiring, releasing queue
	locked := o.holds() == taken
	if sweep(c, o.items,
		func(it *item) bool {
			if it.action == acquires {
				acquiring.add(it)
			} else {
				releasing.add(it)
			}
			return true
		},
		func(it *item) bool {
			mine, other := &acquiring, &releasing
			if it.action == releases {
				mine, other = other, mine
			}
			if !mine.overdue(it) {
				return true
			}
			blocked := locked == (it.action == acquires)
			if blocked && !other.take() {
				return false
			}
			mine.take()
			locked = it.action == acquires
			return true
		}) {
		return checker.Valid
	}
	return checker.Invalid
}

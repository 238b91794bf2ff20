package linear

import "faultline/checker"

// allowance is the time and the memory that deciding an object may still take. What counts towards memory is what a search
// remembers, the states of machines included; that is nearly all that does not grow with the length of the history alone.
//
// An algorithm that takes more memory than there is left is unwound by a panic, as by a clock, and within recovers it: states are
// made deep inside of a search. A nil allowance has no bounds.
type allowance struct {
	clock *clock
	left  int64 // bytes
}

// full is what an algorithm is unwound with.
type full struct{}

// take accounts for memory that is about to be asked for.
func (a *allowance) take(bytes int) {
	if a == nil {
		return
	}
	if a.left -= int64(bytes); a.left < 0 {
		panic(full{})
	}
}

// give returns memory that is no longer used.
func (a *allowance) give(bytes int) {
	if a != nil {
		a.left += int64(bytes)
	}
}

// spend accounts for steps, as Spend of a clock does.
func (a *allowance) spend(steps int) {
	if a != nil {
		a.clock.Spend(steps)
	}
}

// within runs an algorithm. It returns the bound that the algorithm met, if it did.
func (a *allowance) within(run func()) (met checker.Bound) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(full); !ok {
				panic(r)
			}
			met = checker.MemoryBound
		}
	}()
	if a != nil && !a.clock.Within(run) {
		return checker.TimeBound
	} else if a == nil {
		run()
	}
	return ""
}

package ladder

import "time"

// clock keeps a bound on time. An algorithm whose time is up is unwound by a panic, which within recovers.
type clock struct {
	deadline time.Time
	steps    int
}

// late is what an algorithm is unwound with.
type late struct{}

// spend accounts for steps, of some nanoseconds each.
func (c *clock) spend(steps int) {
	if c.steps += steps; c.steps >= 1<<16 {
		c.steps = 0
		if time.Now().After(c.deadline) {
			panic(late{})
		}
	}
}

// within runs an algorithm. It reports whether that came to its end in time.
func (c *clock) within(run func()) (inTime bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(late); !ok {
				panic(r)
			}
			inTime = false
		}
	}()
	run()
	return true
}

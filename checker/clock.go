package checker

import (
	"iter"
	"slices"
	"time"
)

// clock keeps a bound on time. Asking for the time costs more than most steps of an algorithm, so it is
// asked every few thousand steps only. An algorithm whose time is up is unwound by a panic, which
// within recovers: the bound is then kept inside of sorts too, and no result of a half-finished step can
// be taken for a whole one.
type clock struct {
	deadline time.Time
	steps    int
}

func newClock(timeout time.Duration) *clock { return &clock{deadline: time.Now().Add(timeout)} }

// late is what an algorithm is unwound with.
type late struct{}

// spend accounts for a number of steps, none of which takes longer than a microsecond.
func (c *clock) spend(steps int) {
	if c.steps += steps; c.steps >= 1<<14 {
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

// upTo counts from 0 to n-1, a step each.
func (c *clock) upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for begin := 0; begin < n; begin += 1 << 14 {
			c.spend(1 << 14)
			for i := begin; i < min(n, begin+1<<14); i++ {
				if !yield(i) {
					return
				}
			}
		}
	}
}

// blocks counts from 0 to n too, in blocks: for loops that have nothing to spare.
func (c *clock) blocks(n int) iter.Seq2[int, int] { return c.groups(n, 1<<14) }

// groups counts from 0 to n in blocks of a size.
func (c *clock) groups(n, size int) iter.Seq2[int, int] {
	return func(yield func(begin, end int) bool) {
		for begin := 0; begin < n; begin += size {
			c.spend(size)
			if !yield(begin, min(n, begin+size)) {
				return
			}
		}
	}
}

// sortFunc is slices.SortFunc within a bound on time.
func sortFunc[S ~[]E, E any](c *clock, s S, compare func(a, b E) int) {
	slices.SortFunc(s, func(a, b E) int {
		c.spend(1)
		return compare(a, b)
	})
}

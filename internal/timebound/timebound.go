// Package timebound keeps algorithms within a bound on real time. An algorithm that counts its steps is ended soon after its time
// is up, wherever it is. The caller must not use anything of an algorithm that was ended.
package timebound

import (
	"iter"
	"slices"
	"time"
)

// Clock keeps a bound on time. Asking for the time costs more than most steps of an algorithm, so it is
// asked every few thousand steps only. An algorithm whose time is up is unwound by a panic, which
// Within recovers: the bound is then kept inside of sorts too, and no result of a half-finished step can
// be taken for a whole one.
type Clock struct {
	deadline time.Time
	done     <-chan struct{}
	steps    int
}

// New returns a clock that gives so much time from now on.
func New(timeout time.Duration) *Clock { return &Clock{deadline: time.Now().Add(timeout)} }

// Until has the time be up when done is closed, if that comes first, and returns the clock.
func (c *Clock) Until(done <-chan struct{}) *Clock {
	c.done = done
	return c
}

// Another returns a clock that gives so much time from now on, and is done when this one is.
func (c *Clock) Another(timeout time.Duration) *Clock { return New(timeout).Until(c.done) }

// Share returns a clock that gives one of n equal shares of the time that is left, and is done when this one is.
func (c *Clock) Share(n int) *Clock { return c.Another(c.Left() / time.Duration(n)) }

// Left is how much time is left until the deadline; negative if that is over.
func (c *Clock) Left() time.Duration { return time.Until(c.deadline) }

// Up reports whether the time is up.
func (c *Clock) Up() bool {
	select {
	case <-c.done:
		return true
	default:
		return time.Now().After(c.deadline)
	}
}

// Closed reports whether a channel is closed that ends an algorithm by that; nil never is.
func Closed(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// late is what an algorithm is unwound with.
type late struct{}

// Spend accounts for a number of steps, none of which takes longer than a microsecond.
func (c *Clock) Spend(steps int) {
	if c.steps += steps; c.steps >= 1<<14 {
		c.steps = 0
		if c.Up() {
			panic(late{})
		}
	}
}

// Within runs an algorithm, unless the time is up already. It reports whether that came to its end in time.
func (c *Clock) Within(run func()) (inTime bool) {
	if c.Up() {
		return false
	}
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

// UpTo counts from 0 to n-1, a step each.
func (c *Clock) UpTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for begin := 0; begin < n; begin += 1 << 14 {
			c.Spend(min(n-begin, 1<<14))
			for i := begin; i < min(n, begin+1<<14); i++ {
				if !yield(i) {
					return
				}
			}
		}
	}
}

// Blocks counts from 0 to n too, in blocks: for loops that have nothing to spare.
func (c *Clock) Blocks(n int) iter.Seq2[int, int] { return c.Groups(n, 1<<14) }

// Groups counts from 0 to n in blocks of a size.
func (c *Clock) Groups(n, size int) iter.Seq2[int, int] {
	return func(yield func(begin, end int) bool) {
		for begin := 0; begin < n; begin += size {
			c.Spend(min(n-begin, size))
			if !yield(begin, min(n, begin+size)) {
				return
			}
		}
	}
}

// SortFunc is slices.SortFunc within a bound on time.
func SortFunc[S ~[]E, E any](c *Clock, s S, compare func(a, b E) int) {
	slices.SortFunc(s, func(a, b E) int {
		c.Spend(1)
		return compare(a, b)
	})
}

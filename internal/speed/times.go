package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// times are the processor times of pairs of runs: before, and now.
type times [][2]time.Duration

// report says how the two compare.
func (t times) report(w io.Writer, commit string) error {
	of := func(f func([2]time.Duration) float64) spread {
		all := make(spread, len(t))
		for i, pair := range t {
			all[i] = f(pair)
		}
		slices.Sort(all)
		return all
	}
	before := of(func(p [2]time.Duration) float64 { return p[0].Seconds() })
	now := of(func(p [2]time.Duration) float64 { return p[1].Seconds() })
	ratio := of(func(p [2]time.Duration) float64 { return p[1].Seconds() / p[0].Seconds() })
	_, err := fmt.Fprintf(w, "before   %v s of processor time, at %s\nnow      %v s\nratio    %v, of %d pairs in turns on one core\n",
		before, commit, now, ratio, len(t))
	return err
}

// spread is numbers in order, at least one.
type spread []float64

func (s spread) median() float64 { return (s[(len(s)-1)/2] + s[len(s)/2]) / 2 }

// String is the median, and the least and the greatest.
func (s spread) String() string {
	return fmt.Sprintf("%.2f (%.2f to %.2f)", s.median(), s[0], s[len(s)-1])
}

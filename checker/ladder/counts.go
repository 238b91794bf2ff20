package ladder

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// Counts is how often each number came up: a summary, made of the numbers themselves, so that the counts of many
// runs can be added up. The zero value has none.
type Counts struct {
	Count int `json:"count"`
	P50   int `json:"p50"`
	P90   int `json:"p90"`
	P99   int `json:"p99"`
	Max   int `json:"max"`

	each []count // by number
}

// count says how often a number came up. In JSON it is a pair.
type count struct{ number, times int }

func countsOf(each map[int]int) Counts {
	var c Counts
	for _, n := range slices.Sorted(maps.Keys(each)) {
		c.each = append(c.each, count{n, each[n]})
	}
	c.summarize()
	return c
}

// Add makes c the counts of both.
func (c *Counts) Add(d Counts) {
	each := map[int]int{}
	for _, list := range [...][]count{c.each, d.each} {
		for _, n := range list {
			each[n.number] += n.times
		}
	}
	*c = countsOf(each)
}

// Each calls yield with each number that came up, and how often, in the order of the numbers.
func (c Counts) Each(yield func(number, times int) bool) {
	for _, n := range c.each {
		if !yield(n.number, n.times) {
			return
		}
	}
}

func (c *Counts) summarize() {
	c.Count = 0
	for _, n := range c.each {
		c.Count += n.times
		c.Max = n.number
	}
	c.P50, c.P90, c.P99 = c.quantile(50), c.quantile(90), c.quantile(99)
}

// quantile is the smallest number that this percentage does not exceed.
func (c *Counts) quantile(percent int) int {
	below := 0
	for _, n := range c.each {
		if below += n.times; below*100 >= c.Count*percent {
			return n.number
		}
	}
	return 0
}

// countsSummary is Counts without its methods.
type countsSummary Counts

type storedCounts struct {
	countsSummary
	Each [][2]int `json:"each,omitempty"` // numbers, each with how often it came up
}

// MarshalJSON writes the summary and the numbers.
func (c Counts) MarshalJSON() ([]byte, error) {
	stored := storedCounts{countsSummary: countsSummary(c)}
	for _, n := range c.each {
		stored.Each = append(stored.Each, [2]int{n.number, n.times})
	}
	return json.Marshal(stored)
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (c *Counts) UnmarshalJSON(b []byte) error {
	var stored storedCounts
	if err := json.Unmarshal(b, &stored); err != nil {
		return err
	}
	*c = Counts{}
	for _, n := range stored.Each {
		c.each = append(c.each, count{n[0], n[1]})
	}
	slices.SortFunc(c.each, func(a, b count) int { return cmp.Compare(a.number, b.number) })
	c.summarize()
	return nil
}

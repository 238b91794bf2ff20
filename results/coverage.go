package results

import (
	"cmp"
	"fmt"
	"slices"

	"faultline/internal/wording"
)

// Coverage says in which states of the cluster faults took effect, by kind of fault. A kind that has met a cluster
// in one state only has not been tried in the others.
type Coverage []KindCoverage

// KindCoverage counts the faults of one kind by the state of the cluster at the instant before.
type KindCoverage struct {
	Kind      string `json:"kind"`
	Led       int    `json:"led"`       // one node believed that it led, and no other fault was in effect
	Hurt      int    `json:"hurt"`      // one node believed that it led, under other faults
	Electing  int    `json:"electing"`  // no node believed that it led
	Contested int    `json:"contested"` // several did
}

// Add makes c the coverage of the runs of both.
func (c *Coverage) Add(more Coverage) {
	for _, m := range more {
		k := c.Kind(m.Kind)
		k.Led += m.Led
		k.Hurt += m.Hurt
		k.Electing += m.Electing
		k.Contested += m.Contested
	}
}

// Kind finds a kind, or makes room for it in order.
func (c *Coverage) Kind(kind string) *KindCoverage {
	i, found := slices.BinarySearchFunc(*c, kind, func(k KindCoverage, kind string) int { return cmp.Compare(k.Kind, kind) })
	if !found {
		*c = slices.Insert(*c, i, KindCoverage{Kind: kind})
	}
	return &(*c)[i]
}

// String says how many kinds of fault each state has met.
func (c Coverage) String() string {
	var led, hurt, electing, contested int
	for _, k := range c {
		led += min(1, k.Led)
		hurt += min(1, k.Hurt)
		electing += min(1, k.Electing)
		contested += min(1, k.Contested)
	}
	return fmt.Sprintf("%s of fault: %d in a quiet cluster, %d during other faults, %d without a leader, %d with two leaders",
		wording.Count(len(c), "kind"), led, hurt, electing, contested)
}

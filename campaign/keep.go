package campaign

import (
	"cmp"
	"slices"
	"sync"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/results"
)

// keeping decides which runs keep their files. Of those that are not valid the first few for each rule do, as most that fail
// fail alike: a rule that breaks for the first time after a hundred others is not lost among them. A run without files is
// still known by its line, and can be run again by its seed.
type keeping struct {
	mu   sync.Mutex
	kept map[trial.Failure]int
}

// count remembers runs that kept their files before.
func (k *keeping) count(lines []results.Line) {
	k.kept = map[trial.Failure]int{}
	for _, l := range lines {
		if l.Dir != "" {
			k.kept[trial.Failure{Verdict: l.Verdict, Rule: l.Rule}]++
		}
	}
}

// wanted says what is to be kept of a seed, as far as that is known before it has run.
func (c *Campaign) wanted(seed uint64) trial.Keep {
	c.keeping.mu.Lock()
	defer c.keeping.mu.Unlock()
	return c.wantedNow(seed)
}

// wantedNow is wanted while nobody else counts.
func (c *Campaign) wantedNow(seed uint64) trial.Keep {
	k := trial.Keep{Valid: seed-c.plan.Spec.Seed < uint64(c.plan.Keep)}
	for failure, kept := range c.keeping.kept {
		if c.plan.KeepInvalid > 0 && kept >= c.plan.KeepInvalid {
			k.Full = append(k.Full, failure)
		}
	}
	slices.SortFunc(k.Full, func(a, b trial.Failure) int {
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Rule, b.Rule))
	})
	return k
}

// keep reports whether a run is to keep its files, and counts it.
func (c *Campaign) keep(l results.Line) bool {
	c.keeping.mu.Lock()
	defer c.keeping.mu.Unlock()
	if !c.wantedNow(l.Seed).Wants(l) {
		return false
	}
	if l.Verdict != checker.Valid {
		c.keeping.kept[trial.Failure{Verdict: l.Verdict, Rule: l.Rule}]++
	}
	return true
}

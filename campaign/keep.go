package campaign

import (
	"sync"

	"faultline/checker"
	"faultline/results"
)

// keeping decides which runs keep their files. Of those that are not valid the first few for each rule do, as most that fail
// fail alike: a rule that breaks for the first time after a hundred others is not lost among them. A run without files is
// still known by its line, and can be run again by its seed.
type keeping struct {
	mu   sync.Mutex
	kept map[failure]int
}

// failure is how a run is not valid.
type failure struct {
	verdict checker.Validity
	rule    string
}

// count remembers runs that kept their files before.
func (k *keeping) count(lines []results.Line) {
	k.kept = map[failure]int{}
	for _, l := range lines {
		if l.Dir != "" {
			k.kept[failure{l.Verdict, l.Rule}]++
		}
	}
}

// keep reports whether a run is to keep its files, and counts it. One about which two checkers disagree always does: it is what a
// report of the bug needs.
func (c *Campaign) keep(l results.Line) bool {
	switch {
	case l.Verdict == checker.Valid:
		return l.Seed-c.plan.Spec.Seed < uint64(c.plan.Keep)
	case l.Rule == checker.DisputeKind:
		return true
	}
	c.keeping.mu.Lock()
	defer c.keeping.mu.Unlock()
	is := failure{l.Verdict, l.Rule}
	if c.plan.KeepInvalid > 0 && c.keeping.kept[is] >= c.plan.KeepInvalid {
		return false
	}
	c.keeping.kept[is]++
	return true
}

package campaign

import (
	"path/filepath"

	"faultline/checker"
	"faultline/results"
)

// mostShown is how many runs of a campaign are shown with a finding: most failures are of a kind.
const mostShown = 3

// shown are the findings with a picture of the first runs that are invalid and explained. A run that cannot be read has none: the
// campaign's verdict does not depend on it.
func (c *Campaign) shown(lines []results.Line) map[uint64]checker.Finding {
	all := map[uint64]checker.Finding{}
	for _, l := range lines {
		if len(all) == mostShown {
			break
		}
		if l.Verdict != checker.Invalid || l.Dir == "" {
			continue
		}
		if v, err := results.ReadVerdict(filepath.Join(c.Dir(), l.Dir)); err == nil {
			if f := v.Shown(); f.Picture != "" {
				all[l.Seed] = f
			}
		}
	}
	return all
}

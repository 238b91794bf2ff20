package campaign

import (
	"path/filepath"

	"faultline/checker"
	"faultline/results"
)

// mostPictures is how many runs of a campaign are shown with a picture: most failures are of a kind.
const mostPictures = 3

// pictures are those of the first runs that are invalid and explained. A run that cannot be read has none: the campaign's
// verdict does not depend on it.
func (c *Campaign) pictures(lines []results.Line) map[uint64]string {
	all := map[uint64]string{}
	for _, l := range lines {
		if len(all) == mostPictures {
			break
		}
		if l.Verdict != checker.Invalid || l.Dir == "" {
			continue
		}
		if v, err := results.ReadVerdict(filepath.Join(c.Dir(), l.Dir)); err == nil {
			if picture := v.Picture(); picture != "" {
				all[l.Seed] = picture
			}
		}
	}
	return all
}

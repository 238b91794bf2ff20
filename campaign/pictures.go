package campaign

import (
	"errors"
	"io"
	"path/filepath"

	"faultline/checker"
	"faultline/checker/linear"
	"faultline/history"
	"faultline/results"
	"faultline/workloads"
)

// Counterexamples checks the stored history again, and returns what shows that it is invalid, by key.
func (s *Stored) Counterexamples(o checker.Options) ([]linear.Counterexample, error) {
	ops, err := history.Operations(s.run.History.Events)
	if err != nil {
		return nil, err
	}
	workload, ok := workloads.Open(s.in.Spec.Workload, s.in.Spec.Options)
	if !ok {
		return nil, errors.New("unknown workload " + s.in.Spec.Workload)
	}
	_, examples := workload.Check(ops, o)
	return examples, nil
}

// Picture writes porcupine's page of a counterexample, with the faults beside it.
func (s *Stored) Picture(w io.Writer, example *linear.Counterexample) error {
	return results.WritePicture(w, s.run, example)
}

// mostPictures is how many runs of a campaign are shown with a picture: most failures are of a kind.
const mostPictures = 3

// pictures are those of the first runs that are invalid and explained. A run that cannot be read has none: the campaign's
// verdict does not depend on it.
func (c *Campaign) pictures(lines []Line) map[uint64]string {
	all := map[uint64]string{}
	for _, l := range lines {
		if len(all) == mostPictures {
			break
		}
		if l.Verdict != checker.Invalid || l.Dir == "" {
			continue
		}
		if v, err := results.ReadVerdict(filepath.Join(c.Dir(), l.Dir)); err == nil {
			if picture := firstPicture(v); picture != "" {
				all[l.Seed] = picture
			}
		}
	}
	return all
}

func firstPicture(v checker.Verdict) string {
	for _, part := range v.Parts {
		for _, key := range part.NotValid {
			if key.Explanation != nil {
				return key.Explanation.Picture
			}
		}
	}
	return ""
}

package campaign

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"faultline/results"
)

// ErrDifferent means that one seed came out differently in two campaigns of the same plan.
var ErrDifferent = errors.New("came out differently")

// part is a campaign that ran some of the seeds of another.
type part struct {
	dir   string
	plan  Plan
	lines []results.Line
}

// Merge makes a campaign below root of several campaigns, given by their directories, that ran parts of its seeds. It returns the new
// campaign's directory.
//
// The plans must be the same except for the seeds, which must leave no gap. A seed that two parts have run counts once; if its digests
// differ the error is ErrDifferent. The parts are not changed, and the error is ErrRunning if one of them is being run. Seeds that no
// part has finished are left: they are run when the campaign is resumed. A merge that was killed is begun again.
func Merge(root, name string, dirs []string) (string, error) {
	parts, err := readParts(dirs)
	if err != nil {
		return "", err
	}
	p, err := joined(parts)
	if err != nil {
		return "", err
	}
	if err := agree(parts); err != nil {
		return "", err
	}
	c, err := prepare(root, name, p, Options{})
	if err != nil {
		return "", err
	}
	defer c.journal.close()
	if err := c.forget(); err != nil {
		return "", err
	}
	if err := c.adopt(parts); err != nil {
		return "", err
	}
	return c.Dir(), c.writePlan() // without a plan there is no campaign to resume that lacks what was finished
}

// readParts reads campaigns that are not being run, in the order of their first seeds.
func readParts(dirs []string) ([]part, error) {
	var parts []part
	for _, dir := range dirs {
		p, err := readPart(dir)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	sortParts(parts)
	return parts, nil
}

func sortParts(parts []part) {
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.plan.Spec.Seed, b.plan.Spec.Seed) })
}

func readPart(dir string) (p part, err error) {
	if results.Holds(dir) == "comparison" {
		return part{}, fmt.Errorf("%s is a comparison, and only campaigns are merged", dir)
	}
	unlock, err := lock(dir)
	if err != nil {
		return part{}, fmt.Errorf("campaign %s %w", dir, err)
	}
	defer unlock()
	p.dir = dir
	if p.plan, err = ReadPlan(dir); err != nil {
		return part{}, err
	}
	p.lines, err = results.ReadLines(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return part{}, err
	}
	return p, p.plan.checkSeeds(filepath.Join(dir, results.RecordFile), p.lines)
}

// joined is the plan whose seeds are those of all parts, which are in the order of their first seeds.
func joined(parts []part) (Plan, error) {
	whole := parts[0].plan
	for _, p := range parts[1:] {
		if what := whole.differs(p.plan); what != "" {
			return Plan{}, fmt.Errorf("%s and %s are not parts of one campaign: they differ in %s", parts[0].dir, p.dir, what)
		}
		before := p.plan.Spec.Seed - whole.Spec.Seed // seeds of the whole
		if before > uint64(whole.Count) {
			gap := whole
			gap.Spec.Seed += uint64(whole.Count)
			gap.Count = int(before) - whole.Count
			return Plan{}, fmt.Errorf("seeds %s are in none of the campaigns: run them too", seeds(gap))
		}
		whole.Count = max(whole.Count, int(before)+p.plan.Count)
	}
	return whole, nil
}

// differs names what two plans differ in other than seeds; empty if it is nothing.
func (p Plan) differs(other Plan) string {
	other.Spec.Seed, other.Count, other.ScheduleFile = p.Spec.Seed, p.Count, p.ScheduleFile
	one, two := p.fields(), other.fields()
	for _, f := range one {
		if !slices.Contains(two, f) {
			return f.Name
		}
	}
	for _, f := range two {
		if !slices.Contains(one, f) {
			return f.Name
		}
	}
	return ""
}

// fields are those of the plan in campaign.json, by name.
func (p Plan) fields() []results.Setting {
	spec, err := json.Marshal(p.Spec)
	if err != nil {
		return []results.Setting{{Name: "spec", Value: err.Error()}} // a plan that was read can be written
	}
	return append(results.Settings(spec),
		results.Setting{Name: "schedule", Value: p.Schedule},
		results.Setting{Name: "check_timeout", Value: p.CheckTimeout.String()},
		results.Setting{Name: "second_opinion", Value: fmt.Sprint(p.SecondOpinion)},
		results.Setting{Name: "keep", Value: fmt.Sprint(p.Keep)},
		results.Setting{Name: "keep_invalid", Value: fmt.Sprint(p.KeepInvalid)},
		results.Setting{Name: "fail_fast", Value: fmt.Sprint(p.FailFast)})
}

// agree reports a seed that came out differently in two parts.
func agree(parts []part) error {
	type origin struct{ digest, dir string }
	seen := map[uint64]origin{}
	for _, p := range parts {
		for _, l := range p.lines {
			if l.Digest == "" {
				return fmt.Errorf("%s: the line of seed %d has no digest, so nobody knows whether others agree: delete it and resume the campaign", p.dir, l.Seed)
			}
			first, ok := seen[l.Seed]
			if ok && first.digest != l.Digest {
				return fmt.Errorf("seed %d %w in %s and in %s", l.Seed, ErrDifferent, first.dir, p.dir)
			}
			seen[l.Seed] = origin{l.Digest, p.dir}
		}
	}
	return nil
}

// forget removes what a merge of that name has left that was killed.
func (c *Campaign) forget() error {
	if err := c.journal.clear(); err != nil {
		return err
	}
	c.lines = nil
	if err := c.dir.RemovePartial(); err != nil {
		return err
	}
	return c.dropOrphans()
}

// adopt adds the lines of parts, each once, and copies of the runs that they kept.
func (c *Campaign) adopt(parts []part) error {
	has := map[uint64]bool{}
	for _, p := range parts {
		for _, l := range p.lines {
			if has[l.Seed] {
				continue
			}
			has[l.Seed] = true
			if err := c.adoptRun(p.dir, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// adoptRun adds a line, with a copy of the run if the part in a directory has it still.
func (c *Campaign) adoptRun(dir string, l results.Line) (err error) {
	if l.Dir != "" {
		l.Dir, err = c.dir.CopyRun(filepath.Join(dir, l.Dir))
	}
	if err != nil {
		return fmt.Errorf("copy the run of seed %d: %w", l.Seed, err)
	}
	return c.journal.append(l)
}

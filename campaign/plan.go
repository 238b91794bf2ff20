package campaign

import (
	"fmt"
	"path/filepath"
	"time"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/internal/strictjson"
	"faultline/results"
	"faultline/world"
)

// Plan says what a campaign runs. It is stored as campaign.json.
type Plan struct {
	Spec         world.Spec    `json:"spec"` // its seed is the first
	Count        int           `json:"test_count"`
	Schedule     string        `json:"schedule,omitempty"`      // for every run, in place of drawn ones
	ScheduleFile string        `json:"schedule_file,omitempty"` // where it was read, for people
	CheckTimeout time.Duration `json:"check_timeout"`           // for each run
	// SecondOpinion says which objects of each run porcupine judges too.
	SecondOpinion checker.SecondOpinion `json:"second_opinion,omitempty"`
	Keep          int                   `json:"keep"`                   // how many valid runs keep their files
	KeepInvalid   int                   `json:"keep_invalid,omitempty"` // how many others do, for each rule that is broken or undecided; 0 for all
	FailFast      bool                  `json:"fail_fast"`              // stop at the first run that is not valid
}

// planFile is where results keeps the plan.
const planFile = "campaign.json"

// Validate reports what is wrong with a plan.
func (p Plan) Validate() error {
	if err := p.Spec.Validate(); err != nil {
		return err
	}
	switch {
	case p.Count < 1:
		return fmt.Errorf("test count %d: give 1 or more", p.Count)
	case p.Keep < 0:
		return fmt.Errorf("keep %d: give 0 or more", p.Keep)
	case p.KeepInvalid < 0:
		return fmt.Errorf("keep invalid %d: give 1 or more", p.KeepInvalid)
	case p.CheckTimeout <= 0:
		return fmt.Errorf("check timeout %v: give more than 0", p.CheckTimeout)
	}
	return trial.CheckFaults(p.Spec, p.Schedule, p.ScheduleFile)
}

// Check says how each run is checked.
func (p Plan) Check() checker.Options {
	return checker.Options{Timeout: p.CheckTimeout, SecondOpinion: p.SecondOpinion}
}

// ReadPlan reads the plan of the campaign in a directory. People may have edited it.
func ReadPlan(dir string) (Plan, error) {
	var p Plan
	b, err := results.ReadSpec(dir)
	if err != nil {
		return p, err
	}
	if err = strictjson.Unmarshal(b, &p); err == nil {
		err = p.Validate()
	}
	if err != nil {
		return p, fmt.Errorf("%s: %w", filepath.Join(dir, planFile), err)
	}
	return p, nil
}

// readPlan reads the plan of a campaign that is resumed.
func (c *Campaign) readPlan() error {
	var err error
	if c.plan, err = ReadPlan(c.Dir()); err != nil {
		return err
	}
	return c.plan.checkSeeds(c.dir.RecordPath(), c.lines)
}

// checkSeeds refuses lines of a record whose seeds are not the plan's.
func (p Plan) checkSeeds(path string, lines []results.Line) error {
	for i, l := range lines {
		if l.Seed-p.Spec.Seed >= uint64(p.Count) {
			return fmt.Errorf("%s:%d: seed %d is not one of the plan's, %s", path, i+1, l.Seed, seeds(p))
		}
	}
	return nil
}

// seeds are those of a plan, for people.
func seeds(p Plan) string {
	return fmt.Sprintf("%d to %d", p.Spec.Seed, p.Spec.Seed+uint64(p.Count)-1)
}

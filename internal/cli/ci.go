package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/pflag"

	"faultline/campaign"
	"faultline/checker"
	"faultline/results"
)

// ciFlags name the files for a CI system.
type ciFlags struct {
	junit    string
	markdown string
}

// registerCI adds the flags. The JUnit report has a test case for each of what is named.
func (f *ciFlags) registerCI(flags *pflag.FlagSet, each string) {
	flags.StringVar(&f.junit, "junit", "", "write a JUnit report to this `file`: a test case for each "+each)
	flags.StringVar(&f.markdown, "markdown", "", "append a summary in Markdown to this `file`, such as $GITHUB_STEP_SUMMARY")
}

// check finds out whether the files can be written, before hours of work.
func (f *ciFlags) check() error {
	if f.junit != "" {
		if err := results.CanReplace(f.junit); err != nil {
			return fmt.Errorf("--junit: %w", err)
		}
	}
	if f.markdown != "" {
		if err := (&results.Markdown{}).AppendTo(f.markdown); err != nil {
			return fmt.Errorf("--markdown: %w", err)
		}
	}
	return nil
}

// begin has the JUnit report say that nothing is finished: what is left behind by a process that is killed is no pass.
func (f *ciFlags) begin(c *campaign.Campaign) error {
	if f.junit == "" {
		return nil
	}
	return results.WriteJUnit(f.junit, suite(c, &campaign.Outcome{}))
}

// write writes what came of the campaign, be it whole or not.
func (f *ciFlags) write(c *campaign.Campaign, o *campaign.Outcome) error {
	var errs []error
	if f.junit != "" {
		errs = append(errs, results.WriteJUnit(f.junit, suite(c, o)))
	}
	if f.markdown != "" {
		errs = append(errs, c.Summary(o).Markdown().AppendTo(f.markdown))
	}
	return errors.Join(errs...)
}

// suite has a case for each seed of the plan. What is not finished is unknown.
func suite(c *campaign.Campaign, o *campaign.Outcome) results.Suite {
	p := c.Plan()
	s := results.Suite{Name: filepath.Base(c.Dir()), Settings: c.Summary(o).Spec}
	lines := map[uint64]results.Line{}
	for _, l := range o.Lines {
		lines[l.Seed] = l
	}
	for i := range p.Count {
		spec := p.Spec
		spec.Seed += uint64(i)
		test := results.Case{Name: fmt.Sprintf("seed %d", spec.Seed), Reason: "it is not finished"}
		if l, ok := lines[spec.Seed]; ok {
			test.Validity, test.Reason, test.Took = l.Verdict, l.Reason, l.Wall
			test.Cause, test.Picture = o.Shown[l.Seed].Cause, o.Shown[l.Seed].Picture
			test.Commands = commands(c, l)
		} else {
			test.Commands = []results.Setting{{Name: "again", Value: commandLine(spec, p.ScheduleFile)}}
		}
		s.Cases = append(s.Cases, test)
	}
	if o.Canary != nil {
		s.Cases = append(s.Cases, canaryCase(o))
	}
	return s
}

func canaryCase(o *campaign.Outcome) results.Case {
	test := results.Case{Name: "canary", Reason: o.CanaryNote()}
	if o.Canary.Found {
		test.Validity = checker.Valid
	}
	return test
}

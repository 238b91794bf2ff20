package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/campaign"
	"faultline/campaign/trial"
	"faultline/results"
)

// baselineFlags are those that go with --baseline.
var baselineFlags = map[string]bool{"baseline": true, "max-regression": true, "color": true, "results": true, "name": true, "workers": true, "memory": true, "markdown": true, "json": true}

// checkArgs takes the directory that is compared with a baseline, and nothing else.
func (f *compareFlags) checkArgs(cmd *cobra.Command, args []string) error {
	switch {
	case f.baseline == "" && cmd.Flags().Changed("max-regression"):
		return errors.New("--max-regression is about --baseline NAME, which is not given")
	case f.baseline == "":
		return noArgs(cmd, args)
	case !(f.regression >= 0):
		return fmt.Errorf("max regression %v: give percent, 0 or more", f.regression)
	case len(args) > 1:
		return fmt.Errorf("--baseline takes one campaign or comparison to compare with it, not %d", len(args))
	}
	var err error
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if !baselineFlags[flag.Name] && !slices.Contains(natsFlagNames, flag.Name) && err == nil {
			err = fmt.Errorf("--%s does not go with --baseline: what is run is what the baseline ran", flag.Name)
		}
	})
	return err
}

// withBaseline compares a baseline with another campaign or comparison, or with what this program makes of it now.
func (f *compareFlags) withBaseline(cmd *cobra.Command, args []string) error {
	b, err := f.pair(cmd, args)
	if err != nil {
		return err
	}
	if !b.Comparable() {
		return errors.New("the two have no level in common under the same conditions")
	}
	if f.markdown != "" {
		err = b.Markdown().AppendTo(f.markdown)
	}
	if f.json {
		err = errors.Join(err, json.NewEncoder(cmd.OutOrStdout()).Encode(b))
	} else {
		b.WriteText(cmd.OutOrStdout())
	}
	if err != nil {
		return &failure{err}
	}
	return verdict(b.Verdict())
}

// pair is the baseline and what is compared with it.
func (f *compareFlags) pair(cmd *cobra.Command, args []string) (*results.Baseline, error) {
	before, plan, err := readBaseline(f.baseline)
	if err != nil {
		return nil, err
	}
	b := &results.Baseline{Before: before, Names: [2]string{f.baseline, "this program"}, MaxRegression: f.regression}
	switch {
	case len(args) == 1:
		b.Names[1] = args[0]
		b.Now, _, err = readBaseline(args[0])
	case plan != nil:
		b.Now, err = f.again(cmd, *plan)
	default:
		b.Now, err = f.compareAgain(cmd, before)
	}
	return b, err
}

// readBaseline reads the campaign or comparison of that name.
func readBaseline(name string) (*results.Comparison, *campaign.Plan, error) {
	if dir, err := results.FindCampaign(results.Root, name); err == nil {
		name = dir
	}
	return campaign.Baseline(name)
}

// again runs a campaign's plan.
func (f *compareFlags) again(cmd *cobra.Command, p campaign.Plan) (*results.Comparison, error) {
	create, name := campaign.Create, f.name
	if name == "" {
		create, name = createNamed, filepath.Base(f.baseline)+"-again-"+time.Now().UTC().Format("20060102T150405Z")
	}
	var err error
	if p.Spec, err = withPrograms(cmd, p.Spec); err != nil {
		return nil, err
	}
	c, err := create(f.results, name, p, campaign.Options{Command: commandLine})
	if err != nil {
		return nil, err
	}
	at, err := f.place(cmd, work{name: filepath.Base(c.Dir()), dir: c.Dir(), programs: p.Spec.Build() != "", check: p.Check()})
	if err != nil {
		return nil, errors.Join(err, c.Discard())
	}
	screen := newScreen(cmd.ErrOrStderr())
	c.OnRun(func(_ results.Line, p trial.Progress) { screen.progress(p) })
	o, err := c.Run(cmd.Context(), at.pool)
	screen.clear()
	err = errors.Join(err, at.close(err == nil && len(o.Lines) == o.Planned))
	switch {
	case err != nil:
		return nil, &failure{err}
	case cmd.Context().Err() != nil && len(o.Lines) < o.Planned:
		return nil, &interrupted{next: goOn(cmd, f.results, c)}
	}
	now, _, err := campaign.Baseline(c.Dir())
	return now, err
}

// compareAgain makes a comparison again.
func (f *compareFlags) compareAgain(cmd *cobra.Command, before *results.Comparison) (*results.Comparison, error) {
	systems, err := systemsOf(before.Args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(f.baseline, results.ComparisonFile), err)
	}
	g := &compareFlags{specFlags: specFlags{kind: systems.Common()}, systems: systems}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	g.registerAll(flags)
	if err := flags.Parse(before.Args); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(f.baseline, results.ComparisonFile), err)
	}
	g.worldFlags, g.results, g.name = f.worldFlags, f.results, f.name
	return g.compare(cmd, flags)
}

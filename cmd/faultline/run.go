package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"faultline/campaign"
	"faultline/checker"
	"faultline/world"
)

// runFlags are those of run.
type runFlags struct {
	specFlags
	results      string
	name         string
	resume       string
	schedule     string
	count        int
	keep         int
	workers      int
	checkTimeout time.Duration
	memory       int
	failFast     bool
	json         bool
}

func newRun() *cobra.Command {
	f := &runFlags{}
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run a campaign: many seeds of one spec",
		Long: `Run starts a cluster for each seed, in virtual time, lets clients and the nemesis
at it, and checks what the clients saw. It says at its end what held and what did not.

Everything a run does follows from its flags and its seed: the same command with the
same seed gives the same history, to the last byte. All runs are recorded in
campaign.jsonl; failing ones, and a few others, are kept whole.`,
		Example: `  faultline run
  faultline run --read stale --fail-fast
  faultline run --nemesis partition,crash,pause --test-count 500 --seed 1000
  faultline run --seed 7 --test-count 1 --schedule faults.txt
  faultline run --resume latest`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.register(flags)
	flags.IntVar(&f.count, "test-count", 20, "number of runs")
	flags.StringVar(&f.schedule, "schedule", "", "a `file` of faults for every run, in place of drawn ones")
	flags.BoolVar(&f.failFast, "fail-fast", false, "stop at the first run that is not valid")
	flags.StringVar(&f.results, "results", filepath.Join("results", "runs"), "the `directory` where campaigns are kept")
	flags.StringVar(&f.name, "name", "", "the campaign's name in there (default: workload, faults, read level and time)")
	flags.StringVar(&f.resume, "resume", "", "go on with the campaign of this `name`; 'latest' for the last one")
	flags.IntVar(&f.keep, "keep", 3, "how many valid runs are kept whole; all others are")
	flags.IntVar(&f.workers, "workers", 0, "worlds at once (default: one on each core)")
	flags.DurationVar(&f.checkTimeout, "check-timeout", checker.DefaultTimeout, "how long the checker may take for a run, in real time")
	flags.IntVar(&f.memory, "memory", 4096, "how large a world may grow, in MiB")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a run, and no summary")
	f.complete(cmd)
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command) error {
	c, err := f.open(cmd)
	if err != nil {
		return err
	}
	screen := newScreen(cmd.ErrOrStderr())
	stdout := cmd.OutOrStdout()
	f.onProgress(c, screen, stdout)
	o, err := c.Run(cmd.Context())
	screen.clear()
	if o != nil && !f.json {
		report(stdout, c, o, f.command())
	}
	if err != nil {
		return &failure{err}
	}
	if cmd.Context().Err() != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "Interrupted. Go on with: faultline run --resume %s\n", f.resumeArgs(c))
	}
	return verdict(o.Verdict)
}

func (f *runFlags) resumeArgs(c *campaign.Campaign) string {
	args := shellQuote(filepath.Base(c.Dir()))
	if f.results != filepath.Join("results", "runs") {
		args += " --results " + shellQuote(f.results)
	}
	return args
}

func (f *runFlags) onProgress(c *campaign.Campaign, screen *screen, stdout io.Writer) {
	c.OnProgress(func(p campaign.Progress) {
		screen.clear()
		if f.json {
			b, err := json.Marshal(p.Line)
			if err == nil {
				fmt.Fprintf(stdout, "%s\n", b)
			}
		} else if p.Line.Verdict != checker.Valid {
			fmt.Fprintf(stdout, "seed %d: %s: %s\n", p.Line.Seed, strings.ToUpper(p.Line.Verdict.String()), p.Line.Reason)
		}
		screen.progress(p)
	})
}

// open makes a new campaign or resumes one. Its errors are the user's to mend.
func (f *runFlags) open(cmd *cobra.Command) (*campaign.Campaign, error) {
	o := campaign.Options{Workers: f.workers, Bounds: world.Bounds{Memory: int64(f.memory) << 20}, Command: f.command()}
	if f.workers < 0 || f.memory < 64 {
		return nil, errors.New("workers must not be negative, and memory not less than 64 MiB")
	}
	if f.resume != "" {
		if err := f.refusePlan(cmd); err != nil {
			return nil, err
		}
		name, err := campaign.Find(f.results, f.resume)
		if err != nil {
			return nil, err
		}
		return campaign.Resume(f.results, name, o)
	}
	p, err := f.plan()
	if err != nil {
		return nil, err
	}
	if f.name == "" {
		f.name = defaultName(p.Spec, time.Now())
	}
	return campaign.Create(f.results, f.name, p, o)
}

// refusePlan refuses flags that a campaign has settled already.
func (f *runFlags) refusePlan(cmd *cobra.Command) error {
	for _, name := range []string{"workload", "read", "nemesis", "nemesis-interval", "time-limit", "rate", "concurrency", "node-count",
		"keys", "hot-key", "snapshot-interval", "snapshot-threshold", "trailing-logs", "seed", "clock", "test-count", "schedule",
		"fail-fast", "name", "keep", "check-timeout"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s does not go with --resume: the campaign goes on as it was planned", name)
		}
	}
	return nil
}

func (f *runFlags) plan() (campaign.Plan, error) {
	spec, err := f.parse()
	if err != nil {
		return campaign.Plan{}, err
	}
	p := campaign.Plan{Spec: spec, Count: f.count, CheckTimeout: f.checkTimeout, Keep: f.keep, FailFast: f.failFast}
	switch {
	case f.count < 1:
		return p, fmt.Errorf("test count %d: give 1 or more", f.count)
	case f.keep < 0:
		return p, fmt.Errorf("keep %d: give 0 or more", f.keep)
	case f.checkTimeout <= 0:
		return p, fmt.Errorf("check timeout %v: give more than 0", f.checkTimeout)
	case f.schedule != "":
		p.Schedule, err = campaign.ReadSchedule(f.schedule, spec)
		return p, err
	default:
		_, err = spec.Schedule() // what is wrong with one seed's is wrong with all
		return p, err
	}
}

func (f *runFlags) command() func(world.Spec) string {
	return func(s world.Spec) string { return commandLine(s, f.schedule) }
}

func defaultName(s world.Spec, now time.Time) string {
	faults := strings.Join(s.Nemesis, "_")
	if faults == "" {
		faults = "none"
	}
	return strings.Join([]string{s.Workload, faults, s.Cluster.Read, now.UTC().Format("20060102T150405Z")}, "-")
}

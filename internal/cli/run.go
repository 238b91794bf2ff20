package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/campaign"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/cluster"
	"faultline/internal/wording"
	"faultline/nemesis"
	"faultline/results"
)

// runFlags are those of run.
type runFlags struct {
	specFlags
	worldFlags
	ciFlags
	results     string
	name        string
	resume      string
	schedule    string
	count       int
	keep        int
	keepInvalid int
	failFast    bool
	trace       bool
	json        bool
}

func newRun(kind cluster.Kind) *cobra.Command {
	f := &runFlags{specFlags: specFlags{kind: kind}}
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Run a campaign: many seeds of one spec",
		Long: `Run starts a cluster for each seed, in virtual time, with clients and a nemesis, and
checks what the clients saw. At the end it says what held and what did not.

Everything a run does follows from its flags and its seed: the same command with the
same seed gives the same history, to the last byte. All runs are recorded in
campaign.jsonl. A few valid runs keep their files, and so do the first that break each
rule (--keep and --keep-invalid).

With --overlay the go command builds this program once more, with an overlay of the
standard library, and the worlds are processes of that program. Then everything on a
paused node stops, timers included, nothing of a dead node runs on, and delays
(--lock-delay) let kills and pauses come between two steps. No process is traced, so
runs are also exact in containers.`,
		Example: fmt.Sprintf(`  faultline run%[1]s
  faultline run%[1]s --%[2]s %[3]s --fail-fast
  faultline run%[1]s --nemesis partition,crash,pause --test-count 500 --seed 1000
  faultline run%[1]s --seed 7 --test-count 1 --schedule faults.txt
  faultline run%[1]s --resume latest`, chosen(kind), kind.ModeFlag, kind.Modes[len(kind.Modes)-1].Name),
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.register(flags)
	f.registerBug(flags)
	flags.IntVar(&f.count, "test-count", 20, "number of runs")
	flags.StringVar(&f.schedule, "schedule", "", "a `file` of faults for every run, instead of random ones")
	flags.BoolVar(&f.failFast, "fail-fast", false, "stop at the first run that is not valid")
	flags.StringVar(&f.results, "results", results.Root, "the `directory` where campaigns are kept")
	flags.StringVar(&f.name, "name", "", "the campaign's name in there (default: workload, faults, mode and time)")
	flags.StringVar(&f.resume, "resume", "", "continue the campaign of this `name`; 'latest' for the last one")
	flags.IntVar(&f.keep, "keep", 3, "how many valid runs keep their files")
	flags.IntVar(&f.keepInvalid, "keep-invalid", 20, "how many other runs do, for each broken rule; the rest can be run again by their seeds")
	flags.BoolVar(&f.trace, "trace", false, "record the messages of each run; kept runs store them")
	f.registerWorlds(flags)
	f.registerCI(flags, "seed")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a run, and no summary")
	f.complete(cmd)
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command) error {
	if err := f.validate(); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	c, err := f.open(cmd)
	if err != nil {
		return err
	}
	if err := f.begin(c); err != nil {
		return &failure{err}
	}
	at, err := f.place(cmd, work{name: filepath.Base(c.Dir()), dir: c.Dir(), programs: c.Plan().Spec.Build() != "", check: c.Plan().Check()})
	if err != nil {
		return f.unopened(c, err)
	}
	screen := newScreen(cmd.ErrOrStderr())
	stdout := cmd.OutOrStdout()
	c.OnRun(func(l results.Line, p trial.Progress) {
		screen.clear()
		f.tell(c, l, stdout, cmd.ErrOrStderr())
		screen.progress(p)
	})
	o, err := c.Run(cmd.Context(), at.pool)
	screen.clear()
	left := at.close(err == nil && len(o.Lines) == o.Planned)
	if isRefused(err) && len(o.Lines) == 0 {
		return errors.Join(err, c.Discard())
	}
	if !f.json {
		report(stdout, c, o)
	}
	if o.Canary != nil && !o.Canary.Found {
		fmt.Fprintln(cmd.ErrOrStderr(), "faultline: the canary was", o.CanaryNote())
	}
	ciErr := f.write(c, o)
	switch {
	case isRefused(err): // with this seed, and not with others
		fmt.Fprintf(cmd.ErrOrStderr(), "faultline: %v\n", err)
	case err != nil:
		return &failure{fmt.Errorf("%w\nWhat was finished is kept. Go on with: %s", err, goOn(cmd, f.results, c))}
	case cmd.Context().Err() != nil && len(o.Lines) < o.Planned:
		fmt.Fprintf(cmd.ErrOrStderr(), "Interrupted. Go on with: %s\n", goOn(cmd, f.results, c))
	}
	if err := errors.Join(ciErr, left); err != nil {
		return &failure{err}
	}
	if seeds := o.Disputed(); len(seeds) > 0 {
		return &failure{fmt.Errorf("two checkers disagree about %s; the runs are kept, please report one", wording.Count(len(seeds), "run"))}
	}
	return verdict(o.Verdict)
}

// unopened is the error of a campaign whose trials cannot be run anywhere. A new one leaves nothing behind.
func (f *runFlags) unopened(c *campaign.Campaign, err error) error {
	if f.resume == "" {
		return errors.Join(err, c.Discard())
	}
	return err
}

// isRefused reports whether a system could not be tested.
func isRefused(err error) bool {
	var refused *cluster.RefusedError
	return errors.As(err, &refused)
}

// mostOfReason is how much of what is wrong with a run is told while others run; the report has all of it.
const mostOfReason = 160

// tell prints what is known of a run as soon as it has ended.
func (f *runFlags) tell(c *campaign.Campaign, l results.Line, stdout, stderr io.Writer) {
	switch {
	case f.json:
		_ = json.NewEncoder(stdout).Encode(l) // what cannot be written ends the program with an error
	case l.Verdict != checker.Valid:
		fmt.Fprintf(stderr, "seed %d is %s: %s\n", l.Seed, painted(stderr, l.Verdict, l.Verdict.String()), wording.Line(l.Reason, mostOfReason))
	}
}

// open makes a new campaign or resumes one. Its errors are the user's to mend.
func (f *runFlags) open(cmd *cobra.Command) (*campaign.Campaign, error) {
	o := campaign.Options{Command: commandLine, Trace: f.trace}
	if cmd.Flags().Changed("resume") {
		if err := refusePlan(cmd); err != nil {
			return nil, err
		}
		dir, err := results.FindCampaign(f.results, f.resume)
		if err != nil {
			return nil, err
		}
		f.results = filepath.Dir(dir)
		c, err := campaign.Resume(f.results, filepath.Base(dir), o)
		if err != nil {
			return nil, err
		}
		return c, sameProgramsAs(cmd, c)
	}
	p, err := f.plan(cmd.Flags().Changed("nemesis") || cmd.Flags().Changed("nemesis-interval"))
	if err != nil {
		return nil, err
	}
	if p.Spec, err = withPrograms(cmd, p.Spec); err != nil {
		return nil, err
	}
	if f.name != "" {
		return campaign.Create(f.results, f.name, p, o)
	}
	return createNamed(f.results, defaultName(p, time.Now()), p, o)
}

// createNamed makes a campaign of that name, or with a number behind it: others may be started in the same
// second.
func createNamed(root, name string, p campaign.Plan, o campaign.Options) (*campaign.Campaign, error) {
	for n := 1; ; n++ {
		free := name
		if n > 1 {
			free = numbered(name, n)
		}
		c, err := campaign.Create(root, free, p, o)
		if !errors.Is(err, campaign.ErrTaken) && !errors.Is(err, campaign.ErrRunning) {
			return c, err
		}
	}
}

// numbered is the name of the nth of those that were named by the same second.
func numbered(name string, n int) string { return fmt.Sprintf("%s_%d", name, n) }

// refusePlan refuses flags that a campaign has settled already.
func refusePlan(cmd *cobra.Command) error {
	open := []string{"color", "resume", "results", "workers", "memory", "trace", "junit", "markdown", "json"}
	open = append(open, natsFlagNames...)
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(open, f.Name) && err == nil {
			err = fmt.Errorf("--%s does not go with --resume: the campaign goes on as it was planned", f.Name)
		}
	})
	return err
}

// plan is what the flags say. Drawn means that they ask for drawn faults.
func (f *runFlags) plan(drawn bool) (campaign.Plan, error) {
	spec, err := f.parse()
	p := campaign.Plan{Spec: spec, Count: f.count, ScheduleFile: f.schedule, CheckTimeout: f.checkTimeout, SecondOpinion: f.porcupine.SecondOpinion,
		Keep: f.keep, KeepInvalid: f.keepInvalid, FailFast: f.failFast}
	if err == nil && f.keepInvalid < 1 {
		err = fmt.Errorf("keep invalid %d: give 1 or more", f.keepInvalid)
	}
	if err == nil && f.schedule != "" && drawn {
		err = errors.New("--nemesis draws faults and --schedule gives them: say one of the two")
	}
	if err == nil && f.schedule != "" {
		p.Schedule, err = trial.ReadSchedule(f.schedule, spec)
	}
	if err == nil {
		err = p.Validate()
	}
	return p, hint(err)
}

// hint adds to an error which flag would help.
func hint(err error) error {
	if errors.Is(err, trial.ErrNoEvents) {
		return fmt.Errorf("%w; for runs without faults say --nemesis none", err)
	}
	return err
}

// mostNamed is how many families the name of a campaign spells out.
const mostNamed = 4

// versioned is the name of a kind, with its version if one was asked for.
func versioned(kind cluster.Kind) string {
	if version, ok := strings.CutPrefix(kind.Argument, kind.Name+"@"); ok {
		return kind.Name + "-" + version
	}
	return kind.Name
}

// defaultName is made of what people tell campaigns apart by.
func defaultName(p campaign.Plan, now time.Time) string {
	kind, _ := p.Spec.Kind() // a plan is valid
	faults := strings.ReplaceAll(nemesis.FormatFamilies(p.Spec.Nemesis, kind.Suffers), ",", "_")
	switch {
	case p.ScheduleFile != "":
		faults = "schedule"
	case len(p.Spec.Nemesis) > mostNamed && len(faults) > len("all"):
		faults = fmt.Sprintf("%d_families", len(p.Spec.Nemesis))
	}
	name := []string{p.Spec.Workload, faults, p.Spec.Mode}
	if first, _ := cluster.KindByName(""); kind.Name != first.Name {
		name = append([]string{versioned(kind)}, name...)
	}
	if p.Spec.Overlay {
		name = append(name, "overlay")
	}
	if p.Spec.Bug != "" {
		name = append(name, p.Spec.Bug)
	}
	return strings.Join(append(name, now.UTC().Format("20060102T150405Z")), "-")
}

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/campaign"
	"faultline/campaign/compare"
	"faultline/campaign/trial"
	"faultline/cluster"
	"faultline/nemesis"
	"faultline/results"
	"faultline/world"
)

// compareFlags are those of compare.
type compareFlags struct {
	specFlags
	worldFlags
	ciFlags
	systems  compare.Systems // kind is what they have in common
	levels   list
	families list
	under    []string // each the families of a table
	nodes    list
	schedule string
	count    int
	results  string
	name     string
	json     bool
	baseline string

	regression float64 // that is allowed
}

// comparedFaults are those that bring out what modes differ in: leaders that are cut off, die, stop for a while, or go by a
// wrong clock, as far as the system can suffer them.
func comparedFaults(kind cluster.Kind) string {
	on := nemesis.Subject{Nodes: cluster.NodeNames(kind.Nodes), Suffers: kind.Suffers}
	if names := on.Bears("partition", "crash", "pause", "clock"); len(names) > 0 {
		return strings.Join(names, ",")
	}
	return nemesis.FormatFamilies(nil, kind.Suffers)
}

func newCompare(systems compare.Systems) *cobra.Command {
	kind := systems.Common()
	f := &compareFlags{specFlags: specFlags{kind: kind}, systems: systems}
	cmd := &cobra.Command{
		Use:   "compare",
		Short: "Compare consistency levels or designs: what each keeps, and what it costs",
		Long: fmt.Sprintf(`Compare runs the same seeds and the same schedules of faults at several %ss. For each it
says which consistency models were kept, how old reads were or which anomalies
transactions showed, how available it was in each phase of the faults, and what it cost.
A model that no run refuted is not proved; a refuted one comes with the seed and the
operations.

%s It exits with 1 if a level broke its claim.

Several systems, as in --system raftkv,primary, are compared side by side: each in its
usual mode and with its usual settings, or in the modes that --levels names.`, kind.ModeNoun, aboutModes(kind)),
		Example: comparisons(kind),
		Args:    f.checkArgs,
		RunE:    f.run,
	}
	f.registerAll(cmd.Flags())
	f.complete(cmd)
	return cmd
}

// comparisons are examples.
func comparisons(kind cluster.Kind) string {
	two := "--levels log,lease,stale+stay --nemesis clock"
	if len(kind.Variants) == 0 {
		two = fmt.Sprintf("--levels %s,%s --nemesis crash", kind.Modes[0].Name, kind.Modes[len(kind.Modes)-1].Name)
	}
	return fmt.Sprintf(`  faultline compare%[1]s
  faultline compare%[1]s %[2]s --test-count 30
  faultline compare%[1]s --node-count 3,5,7 --under partition,crash --under none
  faultline compare --system raftkv,primary --levels raftkv/log,primary/fenced,primary/async`, chosen(kind), two)
}

// aboutModes says what can be compared.
func aboutModes(kind cluster.Kind) string {
	if len(kind.Variants) == 0 {
		return "They are those of --" + kind.ModeFlag + "."
	}
	return "A level is one of --" + kind.ModeFlag + `, and may have variants: stale+roam is stale with clients that
ask another node each time. Unless faults or nodes are chosen, a second table shows a
schedule that breaks the level verify.`
}

// registerAll adds the flags.
func (f *compareFlags) registerAll(flags *pflag.FlagSet) {
	flags.SortFlags = false
	listVar(flags, &f.levels, "levels", strings.Join(f.kind.Compared, ","), f.kind.ModeNoun+"s, "+f.variantNames()+"separated by commas")
	listVar(flags, &f.families, "nemesis", comparedFaults(f.kind), "families of faults, as for run")
	flags.StringArrayVar(&f.under, "under", nil, "in place of --nemesis: `families` of faults for a table of their own; may be given several times")
	listVar(flags, &f.nodes, "node-count", strconv.Itoa(f.kind.Nodes), "numbers of nodes, separated by commas; each makes a table of its own")
	f.registerBut(flags, append(f.varied(), "nemesis", "node-count", "clock", "staleness", "max-outage")...)
	flags.IntVar(&f.count, "test-count", 8, "number of runs of each level")
	flags.StringVar(&f.schedule, "schedule", "", "a `file` of faults for every run, instead of random ones")
	flags.StringVar(&f.results, "results", results.Root, "the `directory` where comparisons are kept")
	flags.StringVar(&f.name, "name", "", "the comparison's name in there (default: compare and the time)")
	f.registerWorlds(flags)
	flags.BoolVar(&f.json, "json", false, "print the comparison as one JSON object")
	f.registerCI(flags, "model that a mode is to keep")
	flags.StringVar(&f.baseline, "baseline", "", "the directory of a campaign or a comparison to compare with the one that is named, or with itself run again by this program")
	flags.Float64Var(&f.regression, "max-regression", 0, "with --baseline, how many percent a cost may rise or points a share may fall; 0 for any")
}

// variantNames is the part of a sentence that names the variants.
func (f *compareFlags) variantNames() string {
	var names []string
	for _, v := range f.kind.Variants {
		names = append(names, v.Name)
	}
	if names == nil {
		return ""
	}
	return "each with variants (" + strings.Join(names, ", ") + ") behind a +, "
}

// varied are the flags of what setups differ in: the mode, and the settings that variants change.
func (f *compareFlags) varied() []string {
	names := []string{f.kind.ModeFlag}
	usual := cluster.Settings(f.kind.Config())
	for _, v := range f.kind.Variants {
		changed := f.kind.Config()
		v.Apply(changed)
		for i, s := range cluster.Settings(changed) {
			if !reflect.DeepEqual(s.Value, usual[i].Value) {
				names = append(names, s.Flag)
			}
		}
	}
	return names
}

func (f *compareFlags) run(cmd *cobra.Command, args []string) error {
	if err := f.validate(); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if f.baseline != "" {
		return f.withBaseline(cmd, args)
	}
	all, err := f.compare(cmd, cmd.Flags())
	if junitErr := f.report(all, err); junitErr != nil {
		err = errors.Join(err, &failure{junitErr})
	}
	if err != nil {
		return err
	}
	if err := f.print(cmd.OutOrStdout(), all); err != nil {
		return &failure{err}
	}
	return verdict(all.Verdict())
}

// report writes the JUnit report, if one is wanted. A comparison that came to no end is unknown.
func (f *compareFlags) report(all *results.Comparison, err error) error {
	var failed *failure
	var stopped *interrupted
	switch {
	case f.junit == "":
		return nil
	case err == nil:
		return results.WriteJUnit(f.junit, all.Suites()...)
	case errors.As(err, &failed), errors.As(err, &stopped):
		return results.WriteJUnit(f.junit, results.Suite{Name: "compare", Cases: []results.Case{
			{Name: "the comparison comes to an end", Reason: err.Error()}}})
	default: // the arguments are wrong: nothing was to be run
		return nil
	}
}

// compare makes a comparison and stores it.
func (f *compareFlags) compare(cmd *cobra.Command, flags *pflag.FlagSet) (*results.Comparison, error) {
	c, err := f.comparison(flags)
	if err != nil {
		return nil, err
	}
	if err := buildAll(cmd, c); err != nil {
		return nil, err
	}
	name, err := f.nameOfComparison(time.Now())
	if err != nil {
		return nil, err
	}
	dir, err := results.OpenCampaign(f.results, name)
	if err != nil {
		return nil, err
	}
	at, err := f.place(cmd, work{name: name, programs: anyBuilt(c), check: f.checkOptions()})
	if err != nil {
		_ = os.Remove(dir.Dir()) // it is empty, unless somebody else writes there
		return nil, err
	}
	screen := newScreen(cmd.ErrOrStderr())
	done := trial.Progress{Count: c.Count * len(c.Setups) * len(c.Conditions)}
	c.Told = func(p trial.Progress) {
		done = p
		screen.progress(p)
	}
	all, err := c.Compare(cmd.Context(), at.pool, dir)
	screen.clear()
	err = errors.Join(err, at.close(true))
	switch {
	case ended(cmd, err):
		_ = os.Remove(dir.Dir()) // it is empty, unless somebody else writes there
		what := fmt.Sprintf(" after %d of %d runs; nothing is kept of a comparison that is not whole", done.Done, done.Count)
		return nil, &interrupted{what, commandAgain(cmd, cmd.Flags().Args())}
	case err != nil:
		return nil, &failure{err}
	}
	if cmd.Context().Err() != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "Interrupted while runs were stored: of those without a directory there is the command that shows them again.")
	}
	all.Args = f.args(flags)
	all.Command = commandOf(all.Args)
	if err := dir.WriteComparison(all); err != nil {
		return nil, &failure{err}
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "page  %s\n", filepath.Join(dir.Dir(), results.ComparisonPage))
	return all, nil
}

// nameOfComparison is the name that was given; else one of the time, with a number behind it if another was made in the same second.
func (f *compareFlags) nameOfComparison(now time.Time) (string, error) {
	held := func(name string) string { return results.Holds(filepath.Join(f.results, name)) }
	if f.name != "" {
		if what := held(f.name); what != "" {
			return "", fmt.Errorf("%s %s %w: choose another name", what, filepath.Join(f.results, f.name), campaign.ErrTaken)
		}
		return f.name, nil
	}
	name := "compare-" + now.UTC().Format("20060102T150405Z")
	free := name
	for n := 2; held(free) != ""; n++ {
		free = numbered(name, n)
	}
	return free, nil
}

// print writes the tables, the same for the same seeds and flags, to the byte.
func (f *compareFlags) print(w io.Writer, all *results.Comparison) error {
	if f.markdown != "" {
		if err := all.Markdown().AppendTo(f.markdown); err != nil {
			return err
		}
	}
	if f.json {
		return json.NewEncoder(w).Encode(all)
	}
	all.WriteText(w)
	return nil
}

// comparison is what the flags say. Its errors are the user's to mend.
func (f *compareFlags) comparison(flags *pflag.FlagSet) (*compare.Comparison, error) {
	nodes, err := f.nodeCounts()
	if err != nil {
		return nil, err
	}
	spec, err := f.specOfAll()
	if err != nil {
		return nil, err
	}
	c := &compare.Comparison{Spec: spec, Count: f.count, CheckTimeout: f.checkTimeout, Command: comparedAgain}
	if len(f.systems) > 1 {
		c.Noun, c.Command = f.kind.ModeNoun, f.comparedAlone(flags)
	}
	if c.Setups, err = f.systems.Setups(f.levels.String()); err != nil {
		return nil, err
	}
	if err := f.faultsOnce(); err != nil {
		return nil, err
	}
	if c.Conditions, err = f.conditions(spec, nodes); err != nil {
		return nil, err
	}
	if f.schedule == "" && !f.families.given && f.under == nil && !f.nodes.given {
		for _, scenario := range f.kind.Scenarios {
			c.Conditions = append(c.Conditions, compare.Shown(scenario))
		}
	}
	return c, hint(c.Validate())
}

// nodeCounts are the sizes of the clusters. A number of clients for each node is one of a cluster of one size.
func (f *compareFlags) nodeCounts() ([]int, error) {
	nodes, err := nodeCounts(f.nodes)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--node-count %s: %w; give numbers, or the names of all nodes", &f.nodes, err)
	case f.clients.perNode > 0 && len(nodes) > 1:
		return nil, fmt.Errorf("--concurrency %s: clusters of several sizes are compared under the same load: give the number of all clients", &f.clients)
	}
	f.spec.Nodes = nodes[0] // settings may ask for more nodes than there usually are
	return nodes, nil
}

// faultsOnce refuses flags that say twice which faults there are.
func (f *compareFlags) faultsOnce() error {
	switch {
	case f.families.given && f.under != nil:
		return errors.New("--under takes the place of --nemesis: say one of the two")
	case f.schedule != "" && f.families.given:
		return errors.New("--nemesis draws faults and --schedule gives them: say one of the two")
	case f.schedule != "" && f.under != nil:
		return errors.New("--under draws faults and --schedule gives them: say one of the two")
	}
	return nil
}

// conditions are the combinations of clusters and faults that the flags ask for.
func (f *compareFlags) conditions(spec world.Spec, sizes []int) ([]compare.Condition, error) {
	drawn := f.under
	if drawn == nil {
		drawn = []string{f.families.String()}
	}
	var all []compare.Condition
	for _, nodes := range sizes {
		if f.schedule != "" {
			spec.Nodes = nodes
			schedule, err := trial.ReadSchedule(f.schedule, spec)
			if err != nil {
				return nil, err
			}
			all = append(all, compare.Given(nodes, f.schedule, schedule))
			continue
		}
		for _, families := range drawn {
			parsed, err := nemesis.ParseFamilies(families, f.kind.Suffers)
			if err != nil {
				return nil, err
			}
			all = append(all, compare.Drawn(f.systems, nodes, parsed))
		}
	}
	return all, nil
}

// comparedAgain is the command that shows a run again: the comparison of that seed alone, where the schedule is in no file.
func comparedAgain(setup compare.Setup, under compare.Condition, spec world.Spec) string {
	if under.Schedule != "" && under.ScheduleFile == "" {
		system := ""
		kind, _ := spec.Kind() // a spec that is run is valid
		if first, _ := cluster.KindByName(""); kind.Name != first.Name {
			system = " --system " + shellQuote(kind.Argument)
		}
		return fmt.Sprintf(program+" compare%s --levels %s --seed %d --test-count 1", system, setup.Name, spec.Seed)
	}
	return commandLine(spec, under.ScheduleFile)
}

// args are the arguments that repeat the comparison, without some of its flags.
func (f *compareFlags) args(flags *pflag.FlagSet, but ...string) []string {
	args := []string{}
	flags.Visit(func(flag *pflag.Flag) {
		if slices.Contains(but, flag.Name) || slices.Contains(natsFlagNames, flag.Name) {
			return
		}
		switch flag.Name {
		case "color", "results", "name", "json", "junit", "markdown", "workers", "memory":
		case "under":
			for _, families := range f.under {
				args = append(args, "--under="+families)
			}
		default:
			args = append(args, "--"+flag.Name+"="+flag.Value.String())
		}
	})
	return args
}

func commandOf(args []string) string {
	words := []string{program + " compare"}
	for _, arg := range args {
		words = append(words, shellQuote(arg))
	}
	return strings.Join(words, " ")
}

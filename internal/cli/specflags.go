package cli

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/checker/catalog"
	"faultline/cluster"
	"faultline/nemesis"
	"faultline/workloads"
	"faultline/world"
)

// specFlags are the flags that say what a run does. Their names are those of Jepsen and Maelstrom. Which there are depends on
// the kind of system.
type specFlags struct {
	kind    cluster.Kind
	flags   *pflag.FlagSet
	spec    world.Spec
	nemesis list
	models  list
	clients clients
	clock   string
}

// usualClients is the number of clients of a run that gives none.
const usualClients = 10

func (f *specFlags) register(flags *pflag.FlagSet) {
	f.flags = flags
	s := &f.spec
	s.System, s.Nodes, s.Config = f.kind.Argument, f.kind.Nodes, f.kind.Config()
	flags.StringVar(&s.System, "system", s.System, "what is tested: "+strings.Join(kindNames(), ", ")+", with a version as in etcd@v3.5.0, or a file that describes a store (see 'faultline systems')")
	flags.StringVar(&s.Workload, "workload", workloads.Usual(f.kind), "what clients do and what must hold (see 'faultline list')")
	listVar(flags, &f.nemesis, "nemesis", f.usualFaults(), "fault families, separated by commas; all for those that a correct store survives, or none")
	flags.DurationVar(&s.Interval, "nemesis-interval", 5*time.Second, "mean time between the events of a family")
	flags.Float64Var(&s.Intensity, "nemesis-intensity", nemesis.DefaultIntensity, "share of the time during which a fault of each family is in effect, 0 to 1")
	flags.DurationVar(&s.TimeLimit, "time-limit", time.Minute, "how long clients and nemesis work, in the world's time")
	flags.Float64Var(&s.Rate, "rate", 200, "operations a second, over all clients")
	s.Concurrency, f.clients = usualClients, clients{count: &s.Concurrency}
	flags.Var(&f.clients, "concurrency", "number of clients, or for each node, such as 2n")
	flags.Var(&nodeCount{count: &s.Nodes}, "node-count", "number of nodes, or all of their names")
	flags.IntVar(&s.Options.Keys, "keys", workloads.DefaultKeys, "number of objects that the workload works on")
	flags.Float64Var(&s.Options.HotKey, "hot-key", 0, "share of operations that all go to one key, 0 to 1")
	listVar(flags, &f.models, "consistency-models", "", "models that histories must keep, separated by commas, or all (see 'faultline list'); by default registers are linearizable, and transactions what the "+f.kind.ModeNoun+" claims")
	flags.DurationVar(&s.Options.Staleness, "staleness", 0, "how old the state that a read sees may be; 0 for linearizable reads")
	flags.DurationVar(&s.MaxOutage, "max-outage", 0, "how long clients may go without an acknowledged operation; 0 for ever")
	flags.Uint64Var(&s.Seed, "seed", 1, "the seed of the first run; each further run has the next")
	flags.StringVar(&f.clock, "clock", string(world.Virtual), "virtual, or real for real time in this one process")
	flags.BoolVar(&s.Overlay, "overlay", false, "build this program with the overlay of the standard library: all goroutines of a paused node stop, those of a dead one end, and no process is traced")
	f.registerKind(flags)
}

// ofKind is the annotation of flags that only some kinds of systems have.
const ofKind = "faultline_system"

// registerKind adds the flags of the kind: its mode and its settings.
func (f *specFlags) registerKind(flags *pflag.FlagSet) {
	mark := func(name string) {
		_ = flags.SetAnnotation(name, ofKind, []string{f.kind.Name}) // it fails only for a flag that does not exist
	}
	flags.StringVar(&f.spec.Mode, f.kind.ModeFlag, f.kind.DefaultMode, "the "+f.kind.ModeNoun+": "+strings.Join(f.kind.ModeNames(), ", "))
	mark(f.kind.ModeFlag)
	for _, s := range cluster.Settings(f.spec.Config) {
		switch v := s.Value.(type) {
		case *bool:
			flags.BoolVar(v, s.Flag, *v, s.Doc)
		case *int:
			flags.IntVar(v, s.Flag, *v, s.Doc)
		case *uint64:
			flags.Uint64Var(v, s.Flag, *v, s.Doc)
		case *float64:
			flags.Float64Var(v, s.Flag, *v, s.Doc)
		case *string:
			flags.StringVar(v, s.Flag, *v, s.Doc)
		case *time.Duration:
			flags.DurationVar(v, s.Flag, *v, s.Doc)
		}
		mark(s.Flag)
	}
}

// usualFaults are the families that a run of this kind has if none are named.
func (f *specFlags) usualFaults() string {
	on := nemesis.Subject{Nodes: cluster.NodeNames(f.kind.Nodes), Suffers: f.kind.Suffers}
	return nemesis.FormatFamilies(on.Bears(nemesis.Usual...), f.kind.Suffers)
}

// registerBut adds all flags but those of some names, which keep their defaults.
func (f *specFlags) registerBut(flags *pflag.FlagSet, but ...string) {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.register(all)
	all.SortFlags = false
	all.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(but, flag.Name) {
			flags.AddFlag(flag)
		}
	})
}

// registerBug adds the flag that plants a bug.
func (f *specFlags) registerBug(flags *pflag.FlagSet) {
	flags.StringVar(&f.spec.Bug, "bug", "", "plant a `bug` of the gallery (see 'faultline list bugs'), with the workload, the faults and the staleness that it is about unless they are given")
}

// complete lets the shell complete values.
func (f *specFlags) complete(cmd *cobra.Command) {
	fixed := func(name string, values ...string) {
		// It fails only for a flag that does not exist.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	_ = cmd.RegisterFlagCompletionFunc("system", completeSystem) // it fails only for a flag that does not exist
	fixed("workload", workloads.Names()...)
	fixed(f.kind.ModeFlag, f.kind.ModeNames()...)
	for _, s := range cluster.Settings(f.spec.Config) {
		if s.Choices != nil {
			fixed(s.Flag, s.Choices...)
		}
	}
	fixed("bug", f.kind.BugNames()...)
	completeNames(cmd, "consistency-models", append(catalog.ConsistencyModels(), "all"))
	fixed("clock", string(world.Virtual), string(world.Real))
	var families []string
	for _, family := range nemesis.Families(f.kind.Suffers) {
		families = append(families, family.Name)
	}
	families = append(families, "all", "none")
	completeNames(cmd, "nemesis", families)
	completeNames(cmd, "under", families)
	completeNames(cmd, "levels", f.kind.Compared)
}

// parse returns the spec, once the flags are parsed.
func (f *specFlags) parse() (world.Spec, error) {
	s, err := f.read()
	if err == nil {
		err = s.Validate()
	}
	return s, err
}

// read is parse for a spec that need not be valid yet.
func (f *specFlags) read() (world.Spec, error) {
	s := f.spec
	s.System = f.kind.Name
	s.Clock = world.Clock(f.clock)
	if f.clients.perNode > 0 {
		s.Concurrency = f.clients.perNode * s.Nodes
	}
	s.Config = cluster.CloneConfig(f.spec.Config)
	if err := f.refuseZero(); err != nil {
		return s, err
	}
	var err error
	if s.Nemesis, err = nemesis.ParseFamilies(f.nemesis.String(), f.kind.Suffers); err != nil {
		return s, err
	}
	if f.models.given {
		if s.Options.ConsistencyModels, err = workloads.NamedModels(s.Workload, f.models.names); err != nil {
			return s, err
		}
	}
	return f.plant(s), nil
}

// refuseZero refuses a zero that a spec would take for the default.
func (f *specFlags) refuseZero() error {
	names := []string{"node-count", "keys"}
	for _, s := range cluster.Settings(f.kind.Config()) {
		if s.Needed {
			names = append(names, s.Flag)
		}
	}
	for _, name := range names {
		if flag := f.flags.Lookup(name); flag != nil && (flag.Value.String() == "0" || flag.Value.String() == "0s") {
			return fmt.Errorf("%s %s: give more than 0", strings.ReplaceAll(name, "-", " "), flag.Value)
		}
	}
	return nil
}

// plant gives the spec what its bug needs to show, unless the flags say otherwise.
func (f *specFlags) plant(s world.Spec) world.Spec {
	planted := s.Planted(s.Bug)
	if f.flags.Changed("workload") {
		planted.Workload = s.Workload
	}
	if f.flags.Changed(f.kind.ModeFlag) {
		planted.Mode = s.Mode
	}
	if f.flags.Changed("nemesis") {
		planted.Nemesis = s.Nemesis
	}
	if f.flags.Changed("staleness") {
		planted.Options.Staleness = s.Options.Staleness
	}
	return planted
}

// commandLine is the command that repeats one run: what differs from a run of that bug without any flags, and the seed.
func commandLine(s world.Spec, scheduleFile string) string {
	kind, _ := s.Kind() // a spec that is run is valid
	usual := flagValues(defaultSpec(kind, s.Bug))
	usual["bug"] = ""
	if first, _ := cluster.KindByName(""); first.Name != kind.Name {
		usual["system"] = ""
	}
	drawn := []string{"nemesis", "nemesis-interval", "nemesis-intensity"}
	command := []string{program + " run"}
	specFlagsOf(s).flags.VisitAll(func(flag *pflag.Flag) {
		v := flag.Value.String()
		if v == usual[flag.Name] || flag.Name == "seed" || scheduleFile != "" && slices.Contains(drawn, flag.Name) {
			return
		}
		if flag.Value.Type() != "bool" {
			v = " " + shellQuote(v)
		} else if v = "=" + v; v == "=true" {
			v = ""
		}
		command = append(command, "--"+flag.Name+v)
	})
	if scheduleFile != "" {
		command = append(command, "--schedule "+shellQuote(scheduleFile))
	}
	return strings.Join(append(command, fmt.Sprintf("--seed %d --test-count 1", s.Seed)), " ")
}

// defaultSpec is the spec of a run of a kind of system, with a bug and no other flags.
func defaultSpec(kind cluster.Kind, bug string) world.Spec {
	f := specFlags{kind: kind}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.register(flags)
	f.registerBug(flags)
	f.spec.Bug = bug
	s, _ := f.parse() // it has no fault
	return s
}

// specFlagsOf are the flags with the values that make a spec.
func specFlagsOf(s world.Spec) *specFlags {
	kind, _ := s.Kind() // a spec that is run is valid
	f := &specFlags{kind: kind}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.register(flags)
	f.registerBug(flags)
	config := f.spec.Config // which the flags point into
	if v := reflect.ValueOf(config); v.Kind() == reflect.Pointer {
		v.Elem().Set(reflect.ValueOf(s.Config).Elem())
	}
	f.spec = s
	f.spec.System, f.spec.Config = kind.Argument, config
	f.nemesis = listOf(nemesis.FormatFamilies(s.Nemesis, kind.Suffers))
	f.models = listOf(strings.Join(s.Options.ConsistencyModels, ","))
	f.clock = cmp.Or(string(s.Clock), string(world.Virtual))
	return f
}

// flagValues are the texts of the flags that make a spec.
func flagValues(s world.Spec) map[string]string {
	values := map[string]string{}
	specFlagsOf(s).flags.VisitAll(func(flag *pflag.Flag) { values[flag.Name] = flag.Value.String() })
	return values
}

// shellQuote makes a word of any text, for sh.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./,:+@%=", r)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

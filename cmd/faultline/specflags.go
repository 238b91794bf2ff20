package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/checker/ladder"
	"faultline/cluster/raftkv"
	"faultline/nemesis"
	"faultline/workloads"
	"faultline/world"
)

// specFlags are the flags that say what a run does. Their names are those of Jepsen and Maelstrom.
type specFlags struct {
	flags   *pflag.FlagSet
	spec    world.Spec
	nemesis string
	models  string
	clock   string

	affinity string
}

const defaultNemesis = "partition,crash"

func (f *specFlags) register(flags *pflag.FlagSet) {
	f.flags = flags
	s := &f.spec
	s.Cluster = raftkv.Config{}.WithDefaults()
	flags.StringVar(&s.Workload, "workload", defaultWorkload, "what clients do and what must hold (see 'faultline list')")
	flags.StringVar(&s.Cluster.Read, "read", raftkv.DefaultLevel, "how reads are served: "+strings.Join(raftkv.LevelNames(), ", "))
	flags.StringVar(&f.nemesis, "nemesis", defaultNemesis, "families of faults, separated by commas; all for those that a correct store survives, or none")
	flags.DurationVar(&s.Interval, "nemesis-interval", 5*time.Second, "mean time between the events of a family")
	flags.Float64Var(&s.Intensity, "nemesis-intensity", nemesis.DefaultIntensity, "share of the time that a fault of a family is in effect, 0 to 1")
	flags.DurationVar(&s.TimeLimit, "time-limit", time.Minute, "how long clients and nemesis work, in the world's time")
	flags.Float64Var(&s.Rate, "rate", 200, "operations a second, over all clients")
	flags.IntVar(&s.Concurrency, "concurrency", 10, "number of clients")
	flags.IntVar(&s.Cluster.Nodes, "node-count", s.Cluster.Nodes, "number of nodes")
	flags.IntVar(&s.Options.Keys, "keys", workloads.DefaultKeys, "number of objects that the workload works on")
	flags.Float64Var(&s.Options.HotKey, "hot-key", 0, "share of operations that all go to one key, 0 to 1")
	flags.StringVar(&f.models, "consistency-models", "", "`models` that histories must keep in place of being linearizable, separated by commas, or all (see 'faultline list')")
	flags.DurationVar(&s.Options.Staleness, "staleness", 0, "how old what a read sees may be; 0 for linearizable reads")
	flags.DurationVar(&s.Cluster.Raft.HeartbeatTimeout, "heartbeat-timeout", s.Cluster.Raft.HeartbeatTimeout, "how long a follower hears nothing before it stands for election")
	flags.DurationVar(&s.Cluster.Raft.ElectionTimeout, "election-timeout", s.Cluster.Raft.ElectionTimeout, "how long an election may take before it is held again")
	flags.DurationVar(&s.Cluster.Raft.LeaderLeaseTimeout, "leader-lease-timeout", s.Cluster.Raft.LeaderLeaseTimeout, "how long a leader does not hear from a majority before it steps down")
	flags.DurationVar(&s.Cluster.Raft.SnapshotInterval, "snapshot-interval", s.Cluster.Raft.SnapshotInterval, "how often a node considers a snapshot")
	flags.Uint64Var(&s.Cluster.Raft.SnapshotThreshold, "snapshot-threshold", s.Cluster.Raft.SnapshotThreshold, "log entries that make a snapshot worth taking")
	flags.Uint64Var(&s.Cluster.Raft.TrailingLogs, "trailing-logs", s.Cluster.Raft.TrailingLogs, "log entries kept behind a snapshot")
	flags.IntVar(&s.Cluster.Raft.MaxRPCsInFlight, "rpcs-in-flight", s.Cluster.Raft.MaxRPCsInFlight, "requests that raft may have under way to a follower; from 2 on it pipelines")
	flags.StringVar(&f.affinity, "affinity", string(raftkv.Prefer), "which node a client asks for what any may serve: prefer its own, stay at it, or roam")
	flags.BoolVar(&s.Cluster.Raft.NoSync, "no-sync", false, "leave log entries in the page cache, where a loss of power takes them")
	flags.BoolVar(&s.Cluster.Raft.SurviveCut, "survive-cut", false, "have a node go on whose disk failed when its log was cut, as raft does, with a log that it has no more")
	flags.BoolVar(&s.Cluster.Client.BlindRetries, "blind-retries", false, "have clients send a command again as another one, which may be applied twice")
	flags.DurationVar(&s.MaxOutage, "max-outage", 0, "how long clients may go without an acknowledged operation; 0 for ever")
	flags.Uint64Var(&s.Seed, "seed", 1, "the seed of the first run; each further run has the next")
	flags.StringVar(&f.clock, "clock", string(world.Virtual), "virtual, or real for real time in this one process")
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

const defaultWorkload = "register"

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
	fixed("workload", workloads.Names()...)
	fixed("read", raftkv.LevelNames()...)
	fixed("affinity", string(raftkv.Prefer), string(raftkv.Stay), string(raftkv.Roam))
	fixed("consistency-models", append(ladder.Names(), "all")...)
	fixed("clock", string(world.Virtual), string(world.Real))
	var families []string
	for _, family := range nemesis.Families() {
		families = append(families, family.Name)
	}
	fixed("nemesis", append(families, "all", "none")...)
}

// parse returns the spec, once the flags are parsed.
func (f *specFlags) parse() (world.Spec, error) {
	s := f.spec
	s.Clock = world.Clock(f.clock)
	s.Cluster.Client.Affinity = raftkv.Affinity(f.affinity)
	var err error
	for _, name := range []string{"node-count", "keys", "heartbeat-timeout", "election-timeout", "leader-lease-timeout",
		"snapshot-interval", "snapshot-threshold", "trailing-logs", "rpcs-in-flight"} {
		if v := f.flags.Lookup(name).Value.String(); v == "0" || v == "0s" { // which a spec takes for the default
			return s, fmt.Errorf("%s %s: give more than 0", strings.ReplaceAll(name, "-", " "), v)
		}
	}
	if s.Nemesis, err = nemesis.ParseFamilies(f.nemesis); err != nil {
		return s, err
	}
	if f.models != "" {
		if s.Options.ConsistencyModels, err = ladder.ParseModels(f.models); err != nil {
			return s, err
		}
	}
	s.Cluster.Lease = 0 // as the heartbeat time-out allows
	s.Cluster = s.Cluster.WithDefaults()
	s = f.plant(s)
	return s, s.Validate()
}

// plant gives the spec what its bug needs to show, but for what the flags say.
func (f *specFlags) plant(s world.Spec) world.Spec {
	planted := s.Planted(s.Bug)
	if f.flags.Changed("workload") {
		planted.Workload = s.Workload
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
	var f specFlags
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.register(flags)
	f.registerBug(flags)
	f.spec.Bug = s.Bug
	usual, _ := f.parse() // it has no fault
	values, defaults := flagValues(s), flagValues(usual)
	defaults["bug"] = ""
	if scheduleFile != "" { // then nothing is drawn
		delete(values, "nemesis")
		delete(values, "nemesis-interval")
		delete(values, "nemesis-intensity")
	}
	command := []string{"faultline run"}
	flags.VisitAll(func(flag *pflag.Flag) {
		if v, ok := values[flag.Name]; ok && v != defaults[flag.Name] {
			if flag.Value.Type() != "bool" {
				v = " " + v
			} else if v = "=" + v; v == "=true" {
				v = ""
			}
			command = append(command, "--"+flag.Name+v)
		}
	})
	if scheduleFile != "" {
		command = append(command, "--schedule "+shellQuote(scheduleFile))
	}
	return strings.Join(append(command, fmt.Sprintf("--seed %d --test-count 1", s.Seed)), " ")
}

// flagValues are the texts of the flags that make the spec.
func flagValues(s world.Spec) map[string]string {
	return map[string]string{
		"workload": s.Workload, "read": s.Cluster.Read, "bug": s.Bug, "nemesis": nemesis.FormatFamilies(s.Nemesis), "clock": string(s.Clock),
		"nemesis-interval": s.Interval.String(), "nemesis-intensity": formatFloat(s.Intensity), "time-limit": s.TimeLimit.String(),
		"rate": formatFloat(s.Rate), "hot-key": formatFloat(s.Options.HotKey),
		"concurrency": strconv.Itoa(s.Concurrency), "node-count": strconv.Itoa(s.Cluster.Nodes), "keys": strconv.Itoa(s.Options.Keys),
		"heartbeat-timeout": s.Cluster.Raft.HeartbeatTimeout.String(), "election-timeout": s.Cluster.Raft.ElectionTimeout.String(),
		"leader-lease-timeout": s.Cluster.Raft.LeaderLeaseTimeout.String(),
		"max-outage":           s.MaxOutage.String(),
		"affinity":             string(s.Cluster.WithDefaults().Client.Affinity),
		"no-sync":              strconv.FormatBool(s.Cluster.Raft.NoSync),
		"survive-cut":          strconv.FormatBool(s.Cluster.Raft.SurviveCut),
		"blind-retries":        strconv.FormatBool(s.Cluster.Client.BlindRetries),
		"snapshot-interval":    s.Cluster.Raft.SnapshotInterval.String(),
		"snapshot-threshold":   strconv.FormatUint(s.Cluster.Raft.SnapshotThreshold, 10),
		"staleness":            s.Options.Staleness.String(),
		"consistency-models":   strings.Join(s.Options.ConsistencyModels, ","),
		"trailing-logs":        strconv.FormatUint(s.Cluster.Raft.TrailingLogs, 10),
		"rpcs-in-flight":       strconv.Itoa(s.Cluster.Raft.MaxRPCsInFlight),
	}
}

// formatFloat writes a number as pflag writes the default of a flag.
func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

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

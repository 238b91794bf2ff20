package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/cluster/bugs"
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
	clock   string
}

func (f *specFlags) register(flags *pflag.FlagSet) {
	f.flags = flags
	s := &f.spec
	s.Cluster = raftkv.Config{}.WithDefaults()
	flags.StringVar(&s.Workload, "workload", defaultWorkload, "what clients do and what must hold (see 'faultline list')")
	flags.StringVar(&s.Cluster.Read, "read", raftkv.DefaultLevel, "how reads are served: "+strings.Join(raftkv.LevelNames(), ", "))
	flags.StringVar(&f.nemesis, "nemesis", "partition,crash", "families of faults, separated by commas, or none")
	flags.DurationVar(&s.Interval, "nemesis-interval", 5*time.Second, "mean time between the events of a family")
	flags.DurationVar(&s.TimeLimit, "time-limit", time.Minute, "how long clients and nemesis work, in the world's time")
	flags.Float64Var(&s.Rate, "rate", 200, "operations a second, over all clients")
	flags.IntVar(&s.Concurrency, "concurrency", 10, "number of clients")
	flags.IntVar(&s.Cluster.Nodes, "node-count", s.Cluster.Nodes, "number of nodes")
	flags.IntVar(&s.Options.Keys, "keys", workloads.DefaultKeys, "number of objects that the workload works on")
	flags.Float64Var(&s.Options.HotKey, "hot-key", 0, "share of operations that all go to one key, 0 to 1")
	flags.DurationVar(&s.Cluster.Raft.SnapshotInterval, "snapshot-interval", s.Cluster.Raft.SnapshotInterval, "how often a node considers a snapshot")
	flags.Uint64Var(&s.Cluster.Raft.SnapshotThreshold, "snapshot-threshold", s.Cluster.Raft.SnapshotThreshold, "log entries that make a snapshot worth taking")
	flags.Uint64Var(&s.Cluster.Raft.TrailingLogs, "trailing-logs", s.Cluster.Raft.TrailingLogs, "log entries kept behind a snapshot")
	flags.IntVar(&s.Cluster.Raft.MaxRPCsInFlight, "rpcs-in-flight", s.Cluster.Raft.MaxRPCsInFlight, "requests that raft may have under way to a follower; from 2 on it pipelines")
	flags.Uint64Var(&s.Seed, "seed", 1, "the seed of the first run; each further run has the next")
	flags.StringVar(&f.clock, "clock", string(world.Virtual), "virtual, or real for real time in this one process")
}

const defaultWorkload = "register"

// registerBug adds the flag that plants a bug.
func (f *specFlags) registerBug(flags *pflag.FlagSet) {
	flags.StringVar(&f.spec.Bug, "bug", "", "plant a `bug` of the gallery (see 'faultline list bugs'), with the workload that it needs if none is given")
}

// complete lets the shell complete values.
func (f *specFlags) complete(cmd *cobra.Command) {
	fixed := func(name string, values ...string) {
		// It fails only for a flag that does not exist.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	fixed("workload", workloads.Names()...)
	fixed("read", raftkv.LevelNames()...)
	fixed("clock", string(world.Virtual), string(world.Real))
	var families []string
	for _, family := range nemesis.Families() {
		families = append(families, family.Name)
	}
	fixed("nemesis", append(families, "none")...)
}

// parse returns the spec, once the flags are parsed.
func (f *specFlags) parse() (world.Spec, error) {
	s := f.spec
	s.Clock = world.Clock(f.clock)
	if !f.flags.Changed("workload") {
		s.Workload = cmp.Or(bugs.Workload(s.Bug), defaultWorkload)
	}
	var err error
	for _, name := range []string{"node-count", "keys", "snapshot-interval", "snapshot-threshold", "trailing-logs", "rpcs-in-flight"} {
		if v := f.flags.Lookup(name).Value.String(); v == "0" || v == "0s" { // which a spec takes for the default
			return s, fmt.Errorf("%s %s: give more than 0", strings.ReplaceAll(name, "-", " "), v)
		}
	}
	if s.Nemesis, err = nemesis.ParseFamilies(f.nemesis); err != nil {
		return s, err
	}
	return s, s.Validate()
}

// commandLine is the command that repeats one run: what differs from the defaults, and the seed.
func commandLine(s world.Spec, scheduleFile string) string {
	var f specFlags
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.register(flags)
	f.registerBug(flags)
	flags.Lookup("workload").DefValue = cmp.Or(bugs.Workload(s.Bug), defaultWorkload)
	values := map[string]string{
		"workload": s.Workload, "read": s.Cluster.Read, "bug": s.Bug, "nemesis": strings.Join(s.Nemesis, ","), "clock": string(s.Clock),
		"nemesis-interval": s.Interval.String(), "time-limit": s.TimeLimit.String(),
		"rate": formatFloat(s.Rate), "hot-key": formatFloat(s.Options.HotKey),
		"concurrency": strconv.Itoa(s.Concurrency), "node-count": strconv.Itoa(s.Cluster.Nodes), "keys": strconv.Itoa(s.Options.Keys),
		"snapshot-interval":  s.Cluster.Raft.SnapshotInterval.String(),
		"snapshot-threshold": strconv.FormatUint(s.Cluster.Raft.SnapshotThreshold, 10),
		"trailing-logs":      strconv.FormatUint(s.Cluster.Raft.TrailingLogs, 10),
		"rpcs-in-flight":     strconv.Itoa(s.Cluster.Raft.MaxRPCsInFlight),
	}
	if len(s.Nemesis) == 0 {
		values["nemesis"] = "none"
	}
	if scheduleFile != "" { // then nothing is drawn
		delete(values, "nemesis")
		delete(values, "nemesis-interval")
	}
	command := []string{"faultline run"}
	flags.VisitAll(func(flag *pflag.Flag) {
		if v, ok := values[flag.Name]; ok && v != flag.DefValue {
			command = append(command, "--"+flag.Name+" "+v)
		}
	})
	if scheduleFile != "" {
		command = append(command, "--schedule "+shellQuote(scheduleFile))
	}
	return strings.Join(append(command, fmt.Sprintf("--seed %d --test-count 1", s.Seed)), " ")
}

// formatFloat writes a number as pflag writes the default of a flag.
func formatFloat(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// shellQuote makes a word of any text, for sh.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./,:+@%", r)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

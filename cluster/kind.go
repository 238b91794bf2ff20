package cluster

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"faultline/cluster/course"
	"faultline/internal/nearest"
)

// Kind describes a kind of system before one is opened. It is registered by name, so that a world's process finds it again
// by the name in the spec. Name, Modes, Open and Probe are required. Another field that is empty has the default that its
// comment says, or means that the kind has none of what the field describes.
type Kind struct {
	Name  string // as in --system
	Doc   string // in a line
	Nodes int    // how many a cluster has unless a spec says otherwise
	// Lectures are those that it belongs to: the one that is about it, and then others that have experiments with it. There are none
	// for what is no design of the course.
	Lectures []course.Lecture
	// Argument is what chooses this kind where its name does not: a file that describes it, or its name with a version. It is the
	// name if it is empty.
	Argument string

	// Modes are the ways to use the system, such as read levels, the strongest first; there is at least one. DefaultMode is
	// the one of a spec that names none, by default the first.
	Modes       []Mode
	DefaultMode string
	// ModeNoun is what people call a mode of this kind, and ModeFlag the flag that chooses one; "mode" if they are empty.
	ModeNoun, ModeFlag string
	// TermNoun is what the design calls the numbered time of a leader, such as "epoch" or "view"; "term" if it is empty.
	TermNoun string
	// Variants are changes that can be made to any mode. Compared are the modes, with variants, that a comparison shows by
	// default; if it is empty, all modes without variants.
	Variants []Variant
	Compared []string
	// Scenarios are schedules that a comparison adds, for what drawn faults hardly ever show.
	Scenarios []Scenario

	Ops         []string // the operations that it understands, by their names in a history
	Workload    string   // of a test that names none; if it is empty, the first of whose operations it understands all
	Suffers     []Fault  // the faults that it can suffer: the fields of System.Faults that are not nil
	CrashPoints []string // where CrashAt can make a process die; one that is listed twice is drawn twice as often
	Parts       []string // its files that can be damaged; if it is empty, "log" and "snapshot"
	Bugs        []Bug    // that can be planted
	Errors      []Error  // what its errors mean for an operation

	// Config returns the settings of this kind with their defaults; nil if it has none. See Settings for its flags.
	Config func() Config
	// Check reports what cannot be run of settings that depend on each other, such as on the number of nodes. It may be nil.
	Check func(Env) error
	// Open makes a system that is not started. The test begins now.
	Open func(Env) (System, error)
	// Probe is an operation that does not affect those of any workload. It shows whether the system serves, and makes the
	// load of clients that only burden it. With draw it may be any such operation; if draw is nil it is the cheapest.
	Probe func(draw *rand.Rand) Op

	// Build makes the programs of a kind whose worlds are not processes of this very program. It returns the config that names
	// them. It tells progress in lines. See Programs; both are nil for other kinds.
	Build func(ctx context.Context, c Config, progress io.Writer) (Config, error)
	// Programs returns the directory of what was built: WorldProgram, which is the process of a world, and what that starts. It
	// is an error if nothing was built, or is no longer there.
	Programs func(Config) (dir string, err error)
}

// WorldProgram is the file in Kind.Programs that a world is a process of. It calls faultline.Main, and was built with the overlay
// of the standard library (package overlay).
const WorldProgram = "world"

// Env is what a system is opened with.
type Env struct {
	Seed   uint64
	Dir    string // where the files of nodes are; empty at first
	Nodes  int
	Mode   string
	Config Config // of the type that the kind's Config returns
	Bug    string // which is planted; empty for none
	Trace  bool   // have messages reported, see report.Report
}

// Mode is a way to use a system: a read level, an isolation level, the sizes of quorums.
type Mode struct {
	Name   string
	Doc    string
	Claims string // what it is meant to be, in words; Nothing if it is there to be refuted
	// Model is the strongest consistency model that it is meant to keep. Unless says what breaks that, of all that a correct
	// system survives, and BrokenBy names the families of faults that can bring it about, see package nemesis; both are empty if
	// nothing does. Package claims searches counter-examples.
	Model    string
	Unless   string
	BrokenBy []string
	Keeps    []string // the models that it keeps whatever happens; a run that refutes one shows a defect

	Resembles string // of other stores
	Way       string // what an operation waits for, in addition to the round trip to the node
}

// Nothing is what a mode claims that keeps nothing.
const Nothing = "nothing"

// Variant is a change to a mode. As text a mode with a variant is "stale+roam".
type Variant struct {
	Name  string
	Doc   string
	Apply func(Config)
	Adds  []string // the models that a mode keeps with it, in addition to its own
	Voids bool     // with it no mode keeps any model under all faults
}

// Scenario is a schedule, with the settings that it needs to have its effect.
type Scenario struct {
	Name      string
	Schedule  string
	Nodes     int
	TimeLimit time.Duration
	Keys      int          // of the workload
	Rate      float64      // operations a second
	Apply     func(Config) // changes the system's settings; nil if they stay
}

// Bug is a defect that can be planted in a system, to see that it is found.
type Bug struct {
	Name    string
	Summary string // what it does, in a line
	Why     string // what that breaks, and who has had it
	File    string // where it is, as a path in this repository
	Canary  bool   // nearly every run finds it

	// FoundBy are the workloads whose runs nearly always find it, if it is a canary. They are all whose clients do what it acts on if there
	// are none.
	FoundBy []string

	// Nemesis are the families of faults that the bug needs beyond those that a run has by default.
	Nemesis []string
	// Staleness is how old the state that a read sees may be when the bug is planted; 0 if reads must be linearizable.
	Staleness time.Duration
	// Models are the consistency models that histories must keep when the bug is planted, where its mode does not keep what they must keep
	// otherwise.
	Models []string
	// Ops are the operations that it acts on, by their names in Kind.Ops: clients that do none of them cannot see it. It acts on
	// all if there are none.
	Ops []string
	// Workload is one whose clients can see it. It takes the place of one whose clients cannot.
	Workload string
	// Mode is the one that it is planted in; empty if any will do.
	Mode string
}

// ActsOn reports whether clients that do these operations can see the bug.
func (b Bug) ActsOn(ops []string) bool {
	return len(b.Ops) == 0 || slices.ContainsFunc(b.Ops, func(op string) bool { return slices.Contains(ops, op) })
}

// CanaryOf reports whether nearly every run by a workload finds it, if clients do what it acts on.
func (b Bug) CanaryOf(workload string) bool {
	return b.Canary && (b.FoundBy == nil || slices.Contains(b.FoundBy, workload))
}

// Error is what an error of a system means for an operation.
type Error struct {
	Name     string
	Definite bool   // the operation did not take effect and will not
	Why      string // the reason for that
}

// Config is what can be set about a system. It is a pointer to a struct that is stored as JSON in a run's spec.
type Config interface {
	// Validate reports what cannot be run.
	Validate() error
}

// Built is a Config of programs that were built for a world.
type Built interface {
	Config
	// Build identifies the programs; empty if nothing was built. Equal builds have equal programs.
	Build() string
	// Differs says what was built otherwise for another config, each in a few words: "go1.25.1, this is go1.26.0".
	Differs(then Config) []string
	// Portable is the config without what depends on the machine or on who runs it. It is what a world is told, so that the
	// same run has the same input everywhere.
	Portable() Config
}

// RoundTripper is a Config that knows how long a message and its answer take, in the median.
type RoundTripper interface{ RoundTrip() time.Duration }

// Stale is a Config that knows how old a read may be in the modes that bound it.
type Stale interface{ Staleness() time.Duration }

// Delayer is a Config that may have goroutines of nodes delayed, as programs that are built with the overlay can.
type Delayer interface{ Delayed() bool }

var kinds []Kind

// Register makes a kind known. It panics if the kind cannot be used or its name is taken: both are programming errors. It
// must be called from an init function, before any world is run.
func Register(k Kind) {
	switch {
	case k.Name == "" || k.Open == nil || k.Probe == nil || len(k.Modes) == 0:
		panic(fmt.Sprintf("cluster: the kind %q lacks %s", k.Name, k.lacking()))
	case slices.ContainsFunc(kinds, func(other Kind) bool { return other.Name == k.Name }):
		panic(fmt.Sprintf("cluster: there are two kinds called %q", k.Name))
	}
	kinds = append(kinds, k.withDefaults())
}

// lacking names the first required field that is empty.
func (k Kind) lacking() string {
	switch {
	case k.Name == "":
		return "a Name"
	case len(k.Modes) == 0:
		return "Modes: one is enough"
	case k.Open == nil:
		return "Open"
	default:
		return "Probe: an operation by which it is seen whether the system serves"
	}
}

func (k Kind) withDefaults() Kind {
	or(&k.Argument, k.Name)
	or(&k.Nodes, 5)
	or(&k.DefaultMode, k.Modes[0].Name)
	or(&k.ModeNoun, "mode")
	or(&k.ModeFlag, "mode")
	or(&k.TermNoun, "term")
	if k.Compared == nil {
		k.Compared = k.ModeNames()
	}
	if len(k.CrashPoints) == 0 { // there is nowhere to die
		k.Suffers = slices.DeleteFunc(slices.Clone(k.Suffers), func(f Fault) bool { return f == SuffersDeaths })
	}
	if k.Config == nil {
		k.Config = func() Config { return &nothing{} }
	}
	return k
}

func or[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// nothing is the Config of a kind that has none.
type nothing struct{}

func (*nothing) Validate() error { return nil }

// Kinds returns all kinds, in the order in which they were registered, and then those that are described (see Describer). The
// first is that of a spec that names none.
func Kinds() []Kind { return append(slices.Clone(kinds), describedKinds()...) }

// KindByName finds a kind by its name, or by what else a Describer takes; the empty name is that of the first. The error says
// which there are.
func KindByName(name string) (Kind, error) {
	of := func(k Kind) bool { return k.Name == name || name == "" }
	if i := slices.IndexFunc(kinds, of); i >= 0 {
		return kinds[i], nil
	}
	var names []string
	for _, k := range Kinds() {
		if of(k) {
			return k, nil
		}
		names = append(names, k.Name)
	}
	switch k, found, err := describedBy(name); {
	case found:
		return k, err
	case len(names) == 0:
		return Kind{}, fmt.Errorf("no kind of system is registered")
	default:
		return Kind{}, fmt.Errorf("unknown system %q; %s", name, nearest.Hint(name, names, "there are"))
	}
}

// ModeNames returns the names of all modes.
func (k Kind) ModeNames() []string {
	var names []string
	for _, m := range k.Modes {
		names = append(names, m.Name)
	}
	return names
}

// Mode finds a mode by its name.
func (k Kind) Mode(name string) (Mode, error) {
	for _, m := range k.Modes {
		if m.Name == name {
			return m, nil
		}
	}
	return Mode{}, fmt.Errorf("unknown %s %q; %s", k.ModeNoun, name, nearest.Hint(name, k.ModeNames(), "there are"))
}

// BugNames returns the names of all bugs.
func (k Kind) BugNames() []string {
	var names []string
	for _, b := range k.Bugs {
		names = append(names, b.Name)
	}
	return names
}

// Bug finds a bug by its name.
func (k Kind) Bug(name string) (Bug, error) {
	for _, b := range k.Bugs {
		if b.Name == name {
			return b, nil
		}
	}
	if len(k.Bugs) == 0 {
		return Bug{}, fmt.Errorf("unknown bug %q; %s has none", name, k.Name)
	}
	return Bug{}, fmt.Errorf("unknown bug %q; %s", name, nearest.Hint(name, k.BugNames(), "there are"))
}

// NodeNames returns the names of n nodes: n1, n2, …
func NodeNames(n int) []string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("n%d", i+1))
	}
	return names
}

// Understand returns an error that names the operations which the kind does not understand.
func (k Kind) Understand(ops []string) error {
	known := func(op string) bool { return slices.Contains(k.Ops, op) }
	if missing := slices.DeleteFunc(slices.Clone(ops), known); len(missing) > 0 {
		return fmt.Errorf("%s does not understand %s; it understands %s", k.Name, strings.Join(missing, ", "), strings.Join(k.Ops, ", "))
	}
	return nil
}

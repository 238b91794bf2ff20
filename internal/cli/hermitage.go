package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/campaign/hermitage"
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/internal/nearest"
	"faultline/workloads"
	"faultline/world"
)

// hermitageFlags are those of hermitage.
type hermitageFlags struct {
	specFlags
	worldFlags
	modes list
	cases list
	json  bool
}

func newHermitage(kind cluster.Kind) *cobra.Command {
	if !interactive(kind) {
		if names := interactiveKinds(); len(names) > 0 {
			kind, _ = cluster.KindByName(names[0]) // it is one
		}
	}
	f := &hermitageFlags{specFlags: specFlags{kind: kind}}
	cmd := &cobra.Command{
		Use:   "hermitage",
		Short: "Show which anomalies of transactions each isolation level lets occur",
		Long: `Hermitage runs two or three transactions step by step, in the orders that Martin
Kleppmann's Hermitage has for each anomaly, at every isolation level. The table says
whether the anomaly occurs or what prevents it, judged by what the clients saw.

With --case it shows the steps of that case. It exits with 1 if an anomaly occurs at a
level that claims to forbid it.`,
		Example: `  faultline hermitage
  faultline hermitage --case G2-item --mode snapshot-isolation`,
		Args: noArgs,
		RunE: f.run,
	}
	f.registerAll(cmd.Flags())
	completeNames(cmd, f.kind.ModeFlag, f.kind.ModeNames())
	completeNames(cmd, "case", caseNames())
	return cmd
}

// interactive reports whether the clients of a kind can do transactions step by step.
func interactive(kind cluster.Kind) bool {
	return slices.Contains(kind.Ops, ops.Of(ops.Transaction, ops.Begin))
}

func interactiveKinds() []string {
	var names []string
	for _, k := range cluster.Kinds() {
		if interactive(k) {
			names = append(names, k.Name)
		}
	}
	return names
}

func caseNames() []string {
	var names []string
	for _, a := range workloads.Anomalies() {
		names = append(names, a.Name)
	}
	return names
}

func (f *hermitageFlags) registerAll(flags *pflag.FlagSet) {
	flags.SortFlags = false
	noun := f.kind.ModeNoun
	listVar(flags, &f.modes, f.kind.ModeFlag, "", noun+"s, separated by commas (default: all of "+strings.Join(f.kind.ModeNames(), ", ")+")")
	listVar(flags, &f.cases, "case", "", "show the steps of these cases, of "+strings.Join(caseNames(), ", "))
	f.registerBug(flags)
	kept := append([]string{"system", "seed", "node-count"}, f.settings()...)
	var left []string
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	(&specFlags{kind: f.kind}).register(all)
	all.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains(kept, flag.Name) {
			left = append(left, flag.Name)
		}
	})
	f.registerBut(flags, left...)
	f.registerWorlds(flags)
	flags.BoolVar(&f.json, "json", false, "print the table, with the steps of all cases, as one JSON object")
}

// settings are the flags of the kind's settings.
func (f *hermitageFlags) settings() []string {
	var names []string
	for _, s := range cluster.Settings(f.kind.Config()) {
		names = append(names, s.Flag)
	}
	return names
}

func (f *hermitageFlags) run(cmd *cobra.Command, _ []string) error {
	spec, modes, err := f.parseAll(cmd.Flags())
	if err != nil {
		return err
	}
	if spec, err = withPrograms(cmd, spec); err != nil {
		return err
	}
	at, err := f.place(cmd, work{name: "hermitage", programs: spec.Build() != "", check: f.checkOptions()})
	if err != nil {
		return err
	}
	table, err := hermitage.Run(cmd.Context(), at.pool, spec, modes)
	err = errors.Join(err, at.close(true))
	switch {
	case ended(cmd, err):
		return &interrupted{next: commandAgain(cmd, nil)}
	case err != nil:
		return &failure{err}
	}
	if err := f.print(cmd.OutOrStdout(), table); err != nil {
		return &failure{err}
	}
	return verdict(table.Validity())
}

// parseAll is what the flags say. Its errors are the user's to mend.
func (f *hermitageFlags) parseAll(flags *pflag.FlagSet) (spec world.Spec, modes []cluster.Mode, err error) {
	named, err := cluster.KindByName(flags.Lookup("system").Value.String())
	switch {
	case err != nil:
		return spec, nil, err
	case !interactive(named):
		return spec, nil, fmt.Errorf("%s has no transactions that clients do step by step, as these have: %s", named.Name, strings.Join(interactiveKinds(), ", "))
	}
	if err := f.validate(); err != nil {
		return spec, nil, err
	}
	for _, name := range f.cases.names {
		if !slices.Contains(caseNames(), name) {
			return spec, nil, fmt.Errorf("unknown case %q; %s", name, nearest.Hint(name, caseNames(), "there are"))
		}
	}
	modes = f.kind.Modes
	if f.modes.given {
		modes = nil
	}
	for _, name := range f.modes.names {
		mode, err := f.kind.Mode(name)
		if err != nil {
			return spec, nil, err
		}
		modes = append(modes, mode)
	}
	spec = hermitage.Spec(f.kind)
	spec.Seed, spec.Nodes, spec.Bug, spec.Config = f.spec.Seed, f.spec.Nodes, f.spec.Bug, cluster.CloneConfig(f.spec.Config)
	return spec, modes, validateEach(spec, modes)
}

// validateEach refuses settings that do not go with one of the modes.
func validateEach(spec world.Spec, modes []cluster.Mode) error {
	for _, mode := range modes {
		spec.Mode = mode.Name
		if err := spec.Validate(); err != nil {
			return err
		}
	}
	return nil
}

func (f *hermitageFlags) print(w io.Writer, table *hermitage.Table) error {
	if f.json {
		return json.NewEncoder(w).Encode(table)
	}
	if f.cases.names == nil {
		table.WriteText(w)
		return nil
	}
	first := true
	for _, name := range f.cases.names {
		for _, column := range table.Modes {
			if !first {
				fmt.Fprintln(w)
			}
			first = false
			column.WriteTranscript(w, name)
		}
	}
	return nil
}

package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/campaign/compare"
	"faultline/world"
)

// specOfAll is the spec that all setups begin with. Of several systems each has its usual mode and settings, and what is wrong with them
// shows in the spec of a setup.
func (f *compareFlags) specOfAll() (world.Spec, error) {
	if len(f.systems) == 1 {
		return f.parse()
	}
	if f.spec.Workload == "" {
		return world.Spec{}, fmt.Errorf("--system %s: there is no workload that all of them understand; what all understand: %s",
			f.kind.Name, cmp.Or(strings.Join(f.kind.Ops, ", "), "nothing"))
	}
	s, err := f.read()
	s.System, s.Mode, s.Config = f.systems[0].Name, "", nil
	return s, err
}

// buildAll builds the programs that worlds need, where some do.
func buildAll(cmd *cobra.Command, c *compare.Comparison) (err error) {
	if c.Setups[0].Config == nil {
		c.Spec, err = withPrograms(cmd, c.Spec)
		return err
	}
	for i := range c.Setups {
		s, spec := &c.Setups[i], c.Spec
		spec.System, spec.Config = s.Kind.Name, s.Config
		if spec, err = withPrograms(cmd, spec); err != nil {
			return err
		}
		s.Config, c.Spec.Program = spec.Config, spec.Program
	}
	return nil
}

// anyBuilt reports whether worlds of a comparison run programs that were built.
func anyBuilt(c *compare.Comparison) bool {
	return slices.ContainsFunc(c.Setups, func(s compare.Setup) bool { return s.Spec(c.Spec).Build() != "" })
}

// comparedAlone returns what shows a run again where several systems are compared: the comparison of that seed and that setup alone, as a run
// of one system would draw faults that the others do not suffer.
func (f *compareFlags) comparedAlone(flags *pflag.FlagSet) func(compare.Setup, compare.Condition, world.Spec) string {
	args := f.args(flags, "levels", "seed", "test-count")
	return func(setup compare.Setup, _ compare.Condition, spec world.Spec) string {
		return commandOf(append(slices.Clone(args), "--levels="+setup.Name, fmt.Sprintf("--seed=%d", spec.Seed), "--test-count=1"))
	}
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"faultline/campaign/compare"
	"faultline/checker"
	"faultline/cluster"
)

// The exit codes other than those of verdicts.
const (
	exitUsage    = 254
	exitInternal = 255
)

// failure is an error after the arguments were found good. All other errors are the user's to mend.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// verdict ends the program with the code of an answer; it is no error.
type verdict checker.Validity

func (v verdict) Error() string { return checker.Validity(v).String() }

func (v verdict) code() int {
	switch checker.Validity(v) {
	case checker.Valid:
		return 0
	case checker.Invalid:
		return 1
	default:
		return 2
	}
}

// output remembers that something could not be written, so that nobody else has to, and whether it shows colours.
type output struct {
	w       io.Writer
	err     error
	colored bool
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.w.Write(b)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// execute runs a command line and returns the exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	systems, err := systemsOf(args)
	if err != nil {
		fmt.Fprintf(stderr, "faultline: %v\nSee '%s %s'.\n", err, program, whereSystemsAre(err))
		return exitUsage
	}
	root := newRoot(systems)
	root.SetArgs(args)
	out, errOut := &output{w: stdout}, &output{w: stderr}
	root.SetOut(out)
	root.SetErr(errOut)
	registerColor(root, out, errOut)
	cmd, err := root.ExecuteContextC(ctx)
	var v verdict
	var f *failure
	var i *interrupted
	var refused *cluster.RefusedError
	var e exited
	switch {
	case out.err != nil:
		fmt.Fprintf(stderr, "faultline: write to standard output: %v\n", out.err)
		return exitInternal
	case err == nil:
		return 0
	case errors.As(err, &v):
		return v.code()
	case errors.As(err, &e):
		return int(e)
	case errors.As(err, &i):
		fmt.Fprintf(stderr, "Interrupted%s. Go on with: %s\n", i.what, i.next)
		return verdict(checker.Unknown).code()
	case errors.As(err, &refused):
		fmt.Fprintf(stderr, "faultline: the store cannot be tested as it is: %v\n", refused)
		return exitUsage
	case errors.As(err, &f):
		fmt.Fprintf(stderr, "faultline: %v\n", f.err)
		return exitInternal
	default:
		fmt.Fprintf(stderr, "faultline: %v\n", err)
		fmt.Fprintf(stderr, "See '%s --help'.\n", cmd.CommandPath())
		return exitUsage
	}
}

func newRoot(systems compare.Systems) *cobra.Command {
	kind := systems[0]
	root := &cobra.Command{
		Use:   named,
		Short: "Find out what a replicated store really guarantees",
		Long: `Faultline runs a replicated store through crashes, partitions and pauses in virtual
time and checks what its clients saw. It gives a verdict, the operations that show it,
and the command that repeats the run to the last byte.

Exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.`,
		Example: `  faultline run                              20 runs of a five-node cluster
  faultline run --read stale                 find out what stale reads do
  faultline replay latest:4                  run seed 4 of it again
  faultline shrink latest:4                  make it small
  faultline serve                            browse results`,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: program},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.Flags().Bool("version", false, "say which program this is, as the command version does")
	root.AddCommand(newRun(kind), newCompare(systems), newHermitage(kind), newReplay(), newJudge(), newShrink(), newCheck(), newTest(), newServe(), newExport(), newMerge(), newPrune(), newGallery(kind), newList(), newSystems(), newTurns(), newWorker(), newVersion())
	mind(root)
	acceptJepsen(root)
	showKindApart(root, systems.Common())
	compareAlone(root, systems)
	callItself(root)
	return root
}

// compareAlone has the other commands refuse several systems.
func compareAlone(root *cobra.Command, systems compare.Systems) {
	if len(systems) == 1 {
		return
	}
	for _, cmd := range root.Commands() {
		if flag := cmd.Flags().Lookup("system"); flag != nil && cmd.Name() != "compare" {
			cmd.PreRunE = func(*cobra.Command, []string) error {
				return fmt.Errorf("--system %s: %s takes one system; compare takes several", systems.Common().Name, cmd.Name())
			}
		}
	}
}

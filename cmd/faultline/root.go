package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/checker"
	"faultline/internal/nearest"
)

// The exit codes beside those of verdicts.
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

// execute runs a command line and returns the exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	var v verdict
	var f *failure
	switch {
	case err == nil:
		return 0
	case errors.As(err, &v):
		return v.code()
	case errors.As(err, &f):
		fmt.Fprintf(stderr, "faultline: %v\n", f.err)
		return exitInternal
	default:
		fmt.Fprintf(stderr, "faultline: %v\n", err)
		fmt.Fprintf(stderr, "See '%s --help'.\n", cmd.CommandPath())
		return exitUsage
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "faultline",
		Short: "Find out what a replicated store really guarantees",
		Long: `Faultline runs a replicated store through crashes, partitions and pauses in virtual
time, checks what its clients saw, and gives a verdict, a witness, and the command
that repeats it to the last byte.

Exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.`,
		Example: `  faultline run                              20 runs of a five-node cluster
  faultline run --read stale                 find out what stale reads do
  faultline replay results/runs/latest/latest`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return errors.New("a command is missing: run, replay, list or version")
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newRun(), newReplay(), newList(), newVersion())
	return root
}

// flagError adds the flag that was probably meant to the error about an unknown one.
func flagError(cmd *cobra.Command, err error) error {
	name, ok := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !ok {
		return err
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if near := nearest.Word(name, known); near != "" {
		return fmt.Errorf("unknown flag --%s; did you mean --%s?", name, near)
	}
	return fmt.Errorf("unknown flag --%s", name)
}

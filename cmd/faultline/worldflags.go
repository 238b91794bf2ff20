package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/world"
)

// worldFlags are those of commands that run many worlds: how many at once, and what each may take. They change
// nothing of what a world does.
type worldFlags struct {
	workers      int
	checkTimeout time.Duration
	memory       int
}

func (f *worldFlags) registerWorlds(flags *pflag.FlagSet) {
	flags.IntVar(&f.workers, "workers", 0, "worlds at once (default: one on each core)")
	flags.DurationVar(&f.checkTimeout, "check-timeout", checker.DefaultTimeout, "how long the checker may take for a run, in real time")
	flags.IntVar(&f.memory, "memory", defaultMemory, "how large a world may grow, in MiB")
}

// options are what the flags say. The error is the user's to mend.
func (f *worldFlags) options() (trial.Options, error) {
	b, err := bounds(f.memory)
	if err == nil && f.workers < 0 {
		err = fmt.Errorf("workers %d: give 1 or more, or 0 for one on each core", f.workers)
	}
	return trial.Options{Workers: f.workers, Bounds: b, Command: commandLine}, err
}

// defaultMemory is the bound on a world, in MiB: more than ten minutes of the default load.
const defaultMemory = 4096

// bounds are those of a world that may take so many MiB.
func bounds(memory int) (world.Bounds, error) {
	if memory < 64 || memory > 1<<20 {
		return world.Bounds{}, fmt.Errorf("memory %d: give MiB, at least 64 and at most a million", memory)
	}
	return world.Bounds{Memory: int64(memory) << 20}, nil
}

// takesRun makes a command take the directory of one stored run.
func takesRun(cmd *cobra.Command) *cobra.Command {
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes the directory of one run, such as %s", cmd.Name(), filepath.Join("results", "runs", "latest", "latest"))
		}
		return nil
	}
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return cmd
}

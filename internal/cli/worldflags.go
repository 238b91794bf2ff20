package cli

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"faultline/checker"
	"faultline/world"
)

// worldFlags are those of commands that run many worlds: where, how many at once, and what each may take. They change
// nothing of what a world does.
type worldFlags struct {
	natsFlags
	workers      int
	checkTimeout time.Duration
	porcupine    secondOpinion
	memory       int
}

func (f *worldFlags) registerWorlds(flags *pflag.FlagSet) {
	flags.IntVar(&f.workers, "workers", 0, "worlds at once (default: one on each core)")
	flags.DurationVar(&f.checkTimeout, "check-timeout", checker.DefaultTimeout, "how long the checker may take for a run, in real time")
	f.porcupine.register(flags)
	flags.IntVar(&f.memory, "memory", defaultMemory, "how large a world may grow, in MiB")
	f.registerNATS(flags, "run worlds on other machines, over NATS at this `URL`; 'embedded' for a server inside")
}

// validate reports what is wrong with the flags.
func (f *worldFlags) validate() error {
	switch {
	case f.workers < 0:
		return fmt.Errorf("workers %d: give 1 or more, or 0 for one on each core", f.workers)
	case f.checkTimeout <= 0:
		return fmt.Errorf("check timeout %v: give more than 0", f.checkTimeout)
	}
	if err := f.validateNATS(); err != nil {
		return err
	}
	_, err := bounds(f.memory)
	return err
}

// checkOptions say how each run is checked.
func (f *worldFlags) checkOptions() checker.Options {
	return checker.Options{Timeout: f.checkTimeout, SecondOpinion: f.porcupine.SecondOpinion}
}

// defaultMemory is the bound on a world, in MiB: a day of the default load.
const defaultMemory = 4096

// bounds are those of a world that may take this many MiB.
func bounds(memory int) (world.Bounds, error) {
	if memory < 64 || memory > 1<<20 {
		return world.Bounds{}, fmt.Errorf("memory %d: give MiB, at least 64 and at most a million", memory)
	}
	return world.Bounds{Memory: int64(memory) << 20}, nil
}

package world

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Again is this program, started once more as the process of a world that its own code conducts, such as one of its tests. The
// program must have been built with the overlay, see package overlay: then the seed leaves nothing to chance.
type Again struct {
	Args   []string // without the program's name
	Env    []string // with some variables for the runtime it is the whole environment
	Seed   uint64
	Output io.Writer // for what the process says
	Bounds Bounds
}

// Run waits for the end of the process and returns what it has left, see Leave. A process that leaves nothing, hangs or outgrows its
// bounds is a *CrashError.
func (a Again) Run(ctx context.Context) (left []byte, err error) {
	s, err := newScratch()
	if err != nil {
		return nil, fmt.Errorf("make a directory for the world: %w", err)
	}
	defer s.remove()
	if err := os.Mkdir(filepath.Join(s.dir, temporary), 0o700); err != nil {
		return nil, fmt.Errorf("make a directory for the world: %w", err)
	}
	dir, err := os.Open(s.dir)
	if err != nil {
		return nil, fmt.Errorf("make a directory for the world: %w", err)
	}
	defer func() { _ = dir.Close() }()
	cmd, err := again()
	if err != nil {
		return nil, err
	}
	cmd.Args = append([]string{"faultline-world"}, a.Args...)
	cmd.Env = append([]string{fmt.Sprintf("%s=%016x", seedEnv, a.Seed), "TMPDIR=" + filepath.Join(Own, temporary)}, runtimeEnv...)
	cmd.Env = append(cmd.Env, a.Env...)
	cmd.ExtraFiles = []*os.File{dir}
	cmd.Stdout = a.Output
	if err := watched(ctx, cmd, s.dir, a.Bounds, loose); err != nil {
		return nil, err
	}
	left, err = os.ReadFile(filepath.Join(s.dir, outputFile))
	if err != nil {
		return nil, &CrashError{Reason: "it ended before its world did"}
	}
	return left, nil
}

// Own is the directory of a world, in the process that Again starts: a descriptor, whose name is the same in every run.
const Own = "/proc/self/fd/3"

// temporary is the part of it for temporary files.
const temporary = "tmp"

// OwnSeed is the seed, in the process that Again starts.
func OwnSeed() (uint64, error) { return strconv.ParseUint(os.Getenv(seedEnv), 16, 64) }

// Progress returns a function that tells the parent how far the world is, in the process that Again starts.
func Progress() (func(time.Duration), error) {
	f, err := os.Create(filepath.Join(Own, progressFile))
	return func(at time.Duration) { tell(f, at) }, err
}

// Leave is called by the process that Again starts when its world has ended. What it leaves is what Run returns.
func Leave(b []byte) error { return os.WriteFile(filepath.Join(Own, outputFile), b, 0o600) }

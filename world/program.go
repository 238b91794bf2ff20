package world

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"faultline/cluster"
)

// program is what the process of a world runs.
type program interface {
	// run runs it in the world's directory until its end, and says how well that can be repeated.
	run(ctx context.Context, dir string, b Bounds) (replay string, err error)
}

// programOf is the program of a spec's worlds: one that was built for its kind, or this very program.
func programOf(s Spec, dir string) (program, error) {
	kind, err := s.Kind()
	if err != nil {
		return nil, err
	}
	switch {
	case s.needsPrograms(kind):
		at, err := s.Programs()
		if err != nil {
			return nil, err
		}
		return built{s.Seed, other}, os.Symlink(at, filepath.Join(dir, programs))
	case !childAsked: // then the process would not be a world: it would do once more what this program does
		return nil, ErrNoChild
	case s.Overlay:
		return built{s.Seed, again}, nil
	default:
		return itself{s.Seed}, nil
	}
}

// itself is this program.
type itself struct{ seed uint64 }

func (p itself) run(ctx context.Context, dir string, b Bounds) (replay string, err error) {
	cmd, err := again()
	if err != nil {
		return "", err
	}
	replay = ReplayExact
	if raced {
		replay = ReplayBestEffort
	}
	err = runProcess(ctx, cmd, dir, b, pinned(p.seed))
	if !errors.Is(err, errNotPinned) {
		return replay, err
	}
	if cmd, err = again(); err != nil {
		return "", err
	}
	return ReplayBestEffort, runProcess(ctx, cmd, dir, b, loose)
}

// again starts this program once more. The link is the same for every process, and leads to this very program even if its file
// was replaced since.
func again() (*exec.Cmd, error) {
	const link = "/proc/self/exe"
	if _, err := os.Stat(link); err == nil {
		return &exec.Cmd{Path: link}, nil
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return &exec.Cmd{Path: exe}, nil
}

// programs is the link in a world's directory to what was built for it. Its name is the same for every world.
const programs = "programs"

// seedEnv tells a program that was built with the overlay the seed of its runtime, as 16 hexadecimal digits. Such a program has no
// other source of chance, and need not be traced.
const seedEnv = "FAULTLINE_RUNTIME_SEED"

// other starts a program that was built for the world.
func other() (*exec.Cmd, error) {
	return &exec.Cmd{Path: "./" + filepath.Join(programs, cluster.WorldProgram)}, nil
}

// built is a program that was built with the overlay.
type built struct {
	seed    uint64
	command func() (*exec.Cmd, error)
}

func (p built) run(ctx context.Context, dir string, b Bounds) (replay string, err error) {
	cmd, err := p.command()
	if err != nil {
		return "", err
	}
	cmd.Env = []string{fmt.Sprintf("%s=%016x", seedEnv, p.seed)}
	return ReplayExact, runProcess(ctx, cmd, dir, b, together)
}

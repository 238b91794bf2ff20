package world

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// errNotPinned means that the operating system did not let us pin a process. The reason is wrapped.
var errNotPinned = errors.New("processes cannot be pinned here")

// runChild runs a test in a process of its own: pinned, or where that is refused, not.
func runChild(ctx context.Context, in Input, b Bounds) (*Result, error) {
	dir, err := makeDir()
	if err != nil {
		return nil, fmt.Errorf("make a directory for the world: %w", err)
	}
	defer os.RemoveAll(dir)
	text, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("write the world's input: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, inputFile), text, 0o600); err != nil {
		return nil, fmt.Errorf("write the world's input: %w", err)
	}
	replay := ReplayExact
	err = runProcess(ctx, dir, b, pinned(in.Spec.Seed))
	if errors.Is(err, errNotPinned) {
		replay = ReplayBestEffort
		err = runProcess(ctx, dir, b, loose)
	}
	if err != nil {
		return nil, err
	}
	r, err := readResult(dir)
	if err != nil {
		return nil, &CrashError{Reason: fmt.Sprintf("its result cannot be read: %v", err)}
	}
	r.Replay = replay
	return r, nil
}

// makeDir makes the world's directory, in memory where there is such a place. Its name is as long as
// any other's, so that nothing in the world can depend on it.
func makeDir() (string, error) {
	base := os.TempDir()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		base = "/dev/shm"
	}
	name := make([]byte, 8)
	_, _ = rand.Read(name) // never fails
	dir := filepath.Join(base, fmt.Sprintf("faultline-%x", name))
	err := os.Mkdir(dir, 0o700)
	if err != nil && base != os.TempDir() {
		dir = filepath.Join(os.TempDir(), filepath.Base(dir))
		err = os.Mkdir(dir, 0o700)
	}
	return dir, err
}

// supervise starts a process, waits for its end, and says how it ended. It gives the watchdog the means
// to kill it.
type supervise func(cmd *exec.Cmd, started func(*os.Process)) error

// loose runs a process as any other.
func loose(cmd *exec.Cmd, started func(*os.Process)) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	started(cmd.Process)
	return cmd.Wait()
}

func runProcess(ctx context.Context, dir string, b Bounds, run supervise) error {
	// The link is the same for every process, and leads to this very program even if its file was
	// replaced since. The environment is the same everywhere too.
	cmd := exec.Command("/proc/self/exe")
	if _, err := os.Stat(cmd.Path); err != nil {
		exe, err := os.Executable()
		if err != nil {
			return fmt.Errorf("find this program: %w", err)
		}
		cmd = exec.Command(exe)
	}
	cmd.Args = []string{"faultline-world"}
	cmd.Dir = dir
	cmd.Env = []string{childEnv + "=1", "GOMAXPROCS=1", "GOGC=off", "GOTRACEBACK=all",
		"GODEBUG=asyncpreemptoff=1,gcshrinkstackoff=1,randseednop=0"}
	said := &tail{max: 1 << 20}
	cmd.Stdout, cmd.Stderr = said, said
	w := newWatchdog(dir, b)
	err := run(cmd, func(p *os.Process) { go w.watch(ctx, p) })
	reason := w.stop()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil, errors.Is(err, errNotPinned):
		return err
	case reason == "":
		reason = err.Error()
	}
	return &CrashError{Reason: reason, Output: said.bytes()}
}

// tail keeps the first half and the last half of max bytes of what is written to it.
type tail struct {
	max        int
	head, last bytes.Buffer
}

func (t *tail) Write(b []byte) (int, error) {
	n := len(b)
	if room := t.max/2 - t.head.Len(); room > 0 {
		k := min(room, len(b))
		t.head.Write(b[:k])
		b = b[k:]
	}
	t.last.Write(b)
	if over := t.last.Len() - t.max; over > 0 {
		t.last.Next(over + t.max/2)
	}
	return n, nil
}

func (t *tail) bytes() []byte { return append(t.head.Bytes(), t.last.Bytes()...) }

// killAfter is how long a process that was asked for its goroutines has to print them.
const killAfter = 5 * time.Second

package world

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign/build"
)

// ErrNoChild means that this program did not call Child at the beginning of main.
var ErrNoChild = errors.New("the program cannot run worlds: it must call world.Child at the beginning of main, or faultline.TestMain in TestMain")

// errNotPinned means that the operating system did not let us pin a process. The reason is wrapped.
var errNotPinned = errors.New("processes cannot be pinned here")

// runChild runs a test in a process of its own: pinned, or where that is refused, not.
func runChild(ctx context.Context, in Input, b Bounds) (*Result, error) {
	s, err := newScratch()
	if err != nil {
		return nil, fmt.Errorf("make a directory for the world: %w", err)
	}
	defer s.remove()
	p, err := programOf(in.Spec, s.dir)
	if err != nil {
		return nil, err
	}
	if err := writeInput(in, s.dir); err != nil {
		return nil, fmt.Errorf("write the world's input: %w", err)
	}
	replay, err := p.run(ctx, s.dir, b)
	if err != nil {
		return nil, refusedOr(err, s.dir)
	}
	r, err := readResult(s.dir)
	if err != nil {
		return nil, &CrashError{Reason: fmt.Sprintf("its result cannot be read: %v", err)}
	}
	r.Replay = replay
	return r, nil
}

// refusedOr is why the system cannot be tested, if the world's process has ended because of that, and else the error.
func refusedOr(err error, dir string) error {
	reason, none := os.ReadFile(filepath.Join(dir, refusedFile))
	var crash *CrashError
	if none != nil || !errors.As(err, &crash) {
		return err
	}
	return &cluster.RefusedError{Reason: string(reason)}
}

// writeInput puts the input where the world's process finds it, without what is not the same everywhere.
func writeInput(in Input, dir string) error {
	if built, ok := in.Spec.Config.(cluster.Built); ok {
		in.Spec.Config = built.Portable()
	}
	in.Spec.Program = build.Record{}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, inputFile), text, 0o600)
}

// supervise starts a process, waits for its end, and says how it ended. It gives the watchdog the means
// to kill it.
type supervise func(cmd *exec.Cmd, started func(*os.Process)) error

// together runs a process and those that it starts on one core.
func together(cmd *exec.Cmd, started func(*os.Process)) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	undo, release := onOneCore()
	defer release()
	defer undo()
	return loose(cmd, started)
}

// loose runs a process as any other. It must not outlive this one, and where the system can see to that, it
// does so by the thread that has started it.
func loose(cmd *exec.Cmd, started func(*os.Process)) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	dieTogether(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	started(cmd.Process)
	return cmd.Wait()
}

func runProcess(ctx context.Context, cmd *exec.Cmd, dir string, b Bounds, run supervise) error {
	cmd.Args = []string{"faultline-world"}
	cmd.Dir = dir
	cmd.Env = append(append(cmd.Env, childEnv+"=1"), runtimeEnv...)
	return watched(ctx, cmd, dir, b, run)
}

// runtimeEnv has the runtime of a world's process do nothing at instants of its own.
var runtimeEnv = []string{"GOMAXPROCS=1", "GOGC=off", "GOTRACEBACK=all",
	"GODEBUG=asyncpreemptoff=1,gcshrinkstackoff=1,gcstoptheworld=1,randseednop=0"}

// watched runs a process that tells its progress in a directory, and says why it ended without success. What the process says goes to
// the command's standard output too, if that is set.
func watched(ctx context.Context, cmd *exec.Cmd, dir string, b Bounds, run supervise) error {
	said := &tail{max: 1 << 20}
	out := io.Writer(said)
	if cmd.Stdout != nil {
		out = io.MultiWriter(said, cmd.Stdout)
	}
	cmd.Stdout, cmd.Stderr = out, out
	if err := ctx.Err(); err != nil {
		return err
	}
	w := newWatchdog(dir, b)
	err := run(cmd, func(p *os.Process) { w.start(ctx, p) })
	reason, guest := w.stop()
	if cmd.Process != nil { // the tracer has waited for it, and only now nobody watches it any more
		_ = cmd.Process.Release()
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil, errors.Is(err, errNotPinned):
		return err
	case reason == "":
		reason = err.Error() + said.firstLine()
	}
	return &CrashError{Reason: reason + blocked(said.bytes()), Output: append(guest, said.bytes()...)}
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

// firstLine is what was said first, to be put behind a reason; it is empty if nothing was said.
func (t *tail) firstLine() string {
	line, _, _ := bytes.Cut(bytes.TrimSpace(t.head.Bytes()), []byte("\n"))
	if len(line) == 0 {
		return ""
	}
	return fmt.Sprintf(": %.200s", line)
}

// killAfter is how long a process that was asked for its goroutines has to print them.
const killAfter = 5 * time.Second

//go:build long

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This program is built once more with the overlay, as a user would have it:
//
//	go test -tags long -run Overlay -v ./internal/cli

// noTracing is the environment variable of a process that may trace nobody, as in many containers.
const noTracing = "FAULTLINE_TEST_NO_TRACING"

func init() {
	if os.Getenv(noTracing) != "" {
		if err := forbidTracing(); err != nil {
			panic(err)
		}
	}
}

// forbidTracing has the kernel refuse ptrace to this process and to all that it starts.
func forbidTracing() error {
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_PTRACE, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	return nil
}

// inWorlds runs the command line in a directory, as a program of its own, and returns what it said.
func inWorlds(t *testing.T, dir string, env []string, code int, args ...string) string {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Dir, cmd.Env = dir, append(append(os.Environ(), "STARTED_AS_IT_IS=1"), env...)
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("%q exits with %d (%v)\n%s", args, got, err, out)
	}
	return string(out)
}

// A leader that is paused for longer than its lease steps down while it is paused, if only its disk and its network stop. With the
// overlay its timers stop too: it learns what has happened when it resumes, and not before.
func TestOverlayStopsTimers(t *testing.T) {
	dir := t.TempDir()
	const from, to = 20.0, 25.0
	if err := os.WriteFile(filepath.Join(dir, "pause.txt"), []byte("20s pause leader\n25s resume all\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, flags := range map[string][]string{"plain": nil, "overlay": {"--overlay"}} {
		args := []string{"run", "--name", name, "--test-count", "1", "--keep", "1", "--time-limit", "30s", "--schedule", "pause.txt"}
		inWorlds(t, dir, nil, 0, append(args, flags...)...)
		steps := steppedDown(t, filepath.Join(dir, "results", "runs", name, "latest", "nodes"))
		within := slices.ContainsFunc(steps, func(at float64) bool { return from < at && at < to })
		if onResume := slices.Contains(steps, to); within == (name == "overlay") || onResume != (name == "overlay") {
			t.Errorf("%s: leaders stepped down after %v s, and the leader was paused from %v to %v s", name, steps, from, to)
		}
	}
}

// steppedDown is when leaders found that they did not reach a majority, in seconds.
func steppedDown(t *testing.T, logs string) (all []float64) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(logs, "*.log"))
	line := regexp.MustCompile(`(?m)^ *([0-9.]+)s .*failed to contact quorum of nodes, stepping down`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range line.FindAllSubmatch(b, -1) {
			at, _ := strconv.ParseFloat(string(match[1]), 64) // the pattern has digits
			all = append(all, at)
		}
	}
	return all
}

// Where no process may trace another, runs can be repeated exactly only with the overlay.
func TestOverlayNeedsNoTracing(t *testing.T) {
	dir := t.TempDir()
	run := func(code int, args ...string) string {
		t.Helper()
		return inWorlds(t, dir, []string{noTracing + "=1"}, code, args...)
	}
	const effort = "best effort"
	if out := run(0, "run", "--test-count", "2", "--time-limit", "10s", "--name", "plain"); !strings.Contains(out, effort) {
		t.Errorf("it was traced:\n%s", out)
	}
	out := run(0, "run", "--overlay", "--nemesis", "all", "--lock-delay", "1ms", "--call-delay", "1ms", "--test-count", "4", "--time-limit", "20s", "--name", "overlay")
	if strings.Contains(out, effort) {
		t.Errorf("it is not exact:\n%s", out)
	}
	for range 4 {
		if out := run(0, "replay", "overlay:1"); !strings.Contains(out, "to the last byte") {
			t.Errorf("the replay differs:\n%s", out)
		}
	}
}

// Planted bugs are found with the overlay as without it, and shrink there.
func TestOverlayFindsBugs(t *testing.T) {
	dir := t.TempDir()
	out := inWorlds(t, dir, nil, 0, "gallery", "--overlay", "stale-cas", "dirty-reads", "ack-before-commit", "overlong-lease", "vote-forgotten")
	if strings.Contains(out, "not found") {
		t.Error(out)
	}
	inWorlds(t, dir, nil, 1, "run", "--overlay", "--bug", "dirty-reads", "--fail-fast", "--test-count", "50", "--name", "dirty")
	if out := inWorlds(t, dir, nil, 1, "shrink", "dirty"); !strings.Contains(out, "--overlay") {
		t.Errorf("the command of the shrunk run has another world:\n%s", out)
	}
}

// A primary with backups runs there too, although it knows nothing of it.
func TestOverlayOfAnotherKind(t *testing.T) {
	inWorlds(t, t.TempDir(), nil, 0, "run", "--overlay", "--system", "primary", "--nemesis", "all", "--lock-delay", "1ms", "--test-count", "10", "--time-limit", "20s")
}

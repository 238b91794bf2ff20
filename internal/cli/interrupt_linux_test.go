package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// running is the program in a directory of its own.
type running struct {
	t   *testing.T
	dir string
}

// ending is how the program ended.
type ending struct {
	code           int
	signaled       bool // it was killed by the signal, as it had not come to take care of it
	stdout, stderr string
	took           time.Duration
	after          time.Duration // since it was interrupted
}

func (p *running) command(args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	cmd, stdout, stderr = exec.Command("faultline", args...), &bytes.Buffer{}, &bytes.Buffer{}
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return cmd, stdout, stderr
}

// run runs the program to its end.
func (p *running) run(args ...string) ending {
	p.t.Helper()
	cmd, stdout, stderr := p.command(args...)
	begin := time.Now()
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return ending{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), took: time.Since(begin)}
}

// bound is how long the program may take to end. It takes less than two seconds on a machine that has nothing else to do.
const bound = 10 * time.Second

// interrupt runs the program and interrupts it as a terminal does, with all of its group. It checks that it ends soon and
// leaves nothing behind in memory and in the file system.
func (p *running) interrupt(after time.Duration, args ...string) ending {
	p.t.Helper()
	cmd, stdout, stderr := p.command(args...)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	worlds := map[int]string{} // the directories of processes that it started
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	signal, late := time.After(after), time.After(after+bound)
	var sent time.Time
	for {
		select {
		case <-look.C:
			children(cmd.Process.Pid, worlds)
			continue
		case <-signal:
			sent = time.Now()
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) // it may have ended
			continue
		case <-late:
			_ = cmd.Process.Signal(syscall.SIGQUIT)
			<-ended
			p.t.Fatalf("%v after the interrupt it still runs:\n%s", bound, stderr)
		case <-ended:
		}
		break
	}
	e := ending{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
	e.signaled = cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled()
	if !sent.IsZero() {
		e.after = time.Since(sent)
	}
	p.t.Logf("%s: interrupted after %v, it ended with %d after another %v, having started %d worlds", args[0],
		after.Round(time.Millisecond), e.code, e.after.Round(time.Millisecond), len(worlds))
	p.nothingLeft(worlds)
	return e
}

// children adds the processes that a process has started, with their directories.
func children(parent int, to map[int]string) {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range all {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name is in parentheses and may contain anything; behind it are the state and the parent.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if dir, err := os.Readlink(filepath.Join(filepath.Dir(path), "cwd")); err == nil {
			to[pid] = dir
		}
	}
}

// nothingLeft checks that processes and their directories are gone, and that nothing half-written is among the results.
func (p *running) nothingLeft(worlds map[int]string) {
	p.t.Helper()
	for pid, dir := range worlds {
		if now, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err == nil && now == dir {
			p.t.Errorf("process %d still runs in %s", pid, dir)
		}
		if dir == p.dir {
			continue // it was seen before it went to its own directory
		}
		if _, err := os.Stat(strings.TrimSuffix(dir, " (deleted)")); err == nil {
			p.t.Errorf("the directory %s is left", dir)
		}
	}
	err := filepath.WalkDir(p.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), ".partial-") {
			p.t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		p.t.Error(err)
	}
}

// moments are instants in a stretch of time: soon after the beginning, and two at random.
func moments(seed uint64, within time.Duration) []time.Duration {
	draw := rand.New(rand.NewPCG(seed, 0))
	all := []time.Duration{50*time.Millisecond + time.Duration(draw.Int64N(int64(200*time.Millisecond)))}
	for range 2 {
		all = append(all, time.Duration(draw.Int64N(int64(within))))
	}
	return all
}

// wellEnded checks that an interrupted program says how to go on. It reports whether it was interrupted at all.
func (p *running) wellEnded(e ending, finished ...int) bool {
	p.t.Helper()
	switch {
	case e.signaled || slices.Contains(finished, e.code) && !strings.Contains(e.stderr, "Go on with"):
		return false
	case !strings.Contains(e.stderr, "Go on with: faultline "):
		p.t.Errorf("it ended with %d, and does not say how to go on:\n%s", e.code, e.stderr)
	case e.code != 2 && !slices.Contains(finished, e.code):
		p.t.Errorf("it ended with %d:\n%s", e.code, e.stderr)
	}
	return true
}

var small = []string{"--time-limit", "5s", "--nemesis-interval", "1s"}

// An interrupted campaign keeps what was finished, and resumed it comes to the lines of one that was not.
func TestInterruptedRun(t *testing.T) {
	args := slices.Concat([]string{"run", "--test-count", "6", "--keep", "6", "--name", "x"}, small)
	whole := &running{t, t.TempDir()}
	reference := whole.run(args...)
	for _, after := range moments(1, reference.took) {
		p := &running{t, t.TempDir()}
		if !p.wellEnded(p.interrupt(after, args...), 0) {
			continue
		}
		before := p.digests()
		if e := p.run("run", "--resume", "x"); e.code != reference.code {
			t.Errorf("resumed, it ended with %d, not %d:\n%s", e.code, reference.code, e.stderr)
		}
		now := p.digests()
		for seed, digest := range whole.digests() {
			if now[seed] != digest {
				t.Errorf("seed %d has the digest %s, and in one go %s", seed, now[seed], digest)
			}
			if was, ok := before[seed]; ok && was != digest {
				t.Errorf("seed %d was interrupted and has a line with the digest %s, not %s", seed, was, digest)
			}
		}
		p.nothingLeft(nil)
	}
}

// digests are those of a campaign's lines.
func (p *running) digests() map[uint64]string {
	p.t.Helper()
	b, err := os.ReadFile(filepath.Join(p.dir, "results", "runs", "x", "campaign.jsonl"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.t.Fatal(err)
	}
	all := map[uint64]string{}
	for line := range bytes.Lines(b) {
		var l struct {
			Seed   uint64 `json:"seed"`
			Digest string `json:"digest"`
		}
		if err := json.Unmarshal(line, &l); err != nil {
			p.t.Fatalf("%v in %s", err, line)
		}
		if _, twice := all[l.Seed]; twice {
			p.t.Errorf("seed %d has two lines", l.Seed)
		}
		all[l.Seed] = l.Digest
	}
	return all
}

// An interrupted comparison is whole, or nothing is kept of it.
func TestInterruptedCompare(t *testing.T) {
	args := []string{"compare", "--levels", "log,stale", "--nemesis", "crash", "--test-count", "4", "--name", "x", "--time-limit", "5s", "--nemesis-interval", "1s"}
	reference := (&running{t, t.TempDir()}).run(args...)
	for _, after := range moments(2, reference.took) {
		p := &running{t, t.TempDir()}
		e := p.interrupt(after, args...)
		stored := filepath.Join(p.dir, "results", "runs", "x")
		if p.wellEnded(e, 0) {
			if _, err := os.Stat(stored); err == nil {
				t.Errorf("%s is left", stored)
			}
		} else if !e.signaled && e.stdout == "" {
			t.Error("it is finished, and has said nothing")
		}
	}
}

// An interrupted search keeps what it had found, which comes out the same when it is replayed.
func TestInterruptedShrink(t *testing.T) {
	p := &running{t, t.TempDir()}
	p.run(slices.Concat([]string{"run", "--read", "stale", "--test-count", "1", "--name", "x"}, small)...)
	runs, _ := filepath.Glob(filepath.Join(p.dir, "results", "runs", "x", "*Z-1"))
	if len(runs) != 1 {
		t.Fatalf("there are the runs %v", runs)
	}
	for _, after := range moments(3, 5*time.Second) {
		e := p.interrupt(after, "shrink", "--json", runs[0])
		told := p.wellEnded(e, 0)
		var r struct {
			Stopped string `json:"stopped"`
			Dir     string `json:"dir"`
		}
		if e.stdout == "" {
			continue
		}
		if err := json.Unmarshal([]byte(e.stdout), &r); err != nil {
			t.Fatalf("%v in %s", err, e.stdout)
		}
		if told != (r.Stopped == "interrupted") {
			t.Errorf("it was stopped by %q, and says\n%s", r.Stopped, e.stderr)
		}
		if r.Dir == "" {
			continue
		}
		if again := p.run("replay", r.Dir); again.code != 1 || !strings.Contains(again.stdout, "to the last byte") {
			t.Errorf("what it had found, when it is replayed, ends with %d:\n%s", again.code, again.stdout)
		}
	}
}

// An interrupted gallery tells what it had found, and which bugs are left.
func TestInterruptedGallery(t *testing.T) {
	args := []string{"gallery", "late-cas", "stale-cas", "dirty-reads", "--time-limit", "20s"}
	reference := (&running{t, t.TempDir()}).run(args...)
	for _, after := range moments(4, reference.took) {
		p := &running{t, t.TempDir()}
		e := p.interrupt(after, args...)
		if p.wellEnded(e, 0) && !strings.Contains(e.stderr, "faultline gallery ") {
			t.Errorf("it ended with\n%s", e.stderr)
		}
	}
}

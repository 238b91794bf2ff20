package world

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"faultline/workloads"
)

// Same seed, same bytes: ten runs of one seed, four at a time beside two busy loops, each called from
// another directory and with another environment, up to a very long one.
func TestOneSeedGivesTheSameBytes(t *testing.T) {
	for range 2 {
		busy := helper(t, "busy")
		if err := busy.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = busy.Process.Kill()
			_ = busy.Wait()
		})
	}
	const runs, atOnce = 10, 4
	prints := make([]string, runs)
	slots := make(chan bool, atOnce)
	var all sync.WaitGroup
	for i := range runs {
		cmd := helper(t, "7")
		cmd.Dir = t.TempDir()
		cmd.Env = append(cmd.Env, fmt.Sprintf("PADDING=%s", strings.Repeat("x", i*i*1000)), "GOMAXPROCS=2", "GOGC=50")
		all.Go(func() {
			slots <- true
			prints[i] = said(t, cmd)
			<-slots
		})
	}
	all.Wait()
	want := said(t, helper(t, "7"))
	for i, got := range prints {
		if got != want {
			t.Errorf("run %d gave %s and not %s", i, got, want)
		}
	}
	if !strings.HasSuffix(want, " "+ReplayExact) {
		t.Errorf("on Linux a replay is exact, not %s", want)
	}
	if other := said(t, helper(t, "8")); other == want {
		t.Errorf("seeds 7 and 8 both gave %s", want)
	}
}

// Whatever start-up did, a world is the same. When all nodes are resumed at once, more goroutines become
// runnable than the scheduler's local queue holds, and what it does then depends on how often it was asked
// before, start-up included.
func TestStartUpMakesNoDifference(t *testing.T) {
	in := Input{Spec: shortSpec(7)}
	in.Spec.Concurrency, in.Spec.Rate = 40, 500
	in.Schedule = "1s pause n3,n4,n5\n6s resume all\n6.5s pause n1,n2,n3\n11.5s resume all\n"
	first := ""
	for n := range 12 {
		r := runIn(t, t.TempDir(), in, map[string]string{disturbance: fmt.Sprint(5 * n)})
		if first == "" {
			first = r.History.Digest()
		}
		if got := r.History.Digest(); got != first {
			t.Errorf("after disturbance %d it is %s and not %s", 5*n, got, first)
		}
	}
}

// In slow processes worlds are the same: none of what the runtime does in real time, such as to wake the scavenger a second after a collection,
// is a tick of the scheduler that tells when the global queue is looked at.
func TestSlownessMakesNoDifference(t *testing.T) {
	in := Input{Spec: shortSpec(7)}
	in.Spec.Workload, in.Spec.Concurrency, in.Spec.Rate = slowRegister, 40, 500
	in.Schedule = "1s pause n3,n4,n5\n6s resume all\n6.5s pause n1,n2,n3\n11.5s resume all\n"
	fast, slow := runIn(t, t.TempDir(), in, nil), runIn(t, t.TempDir(), in, map[string]string{slowness: ""})
	if a, b := fast.History.Digest(), slow.History.Digest(); a != b {
		t.Errorf("it is %s, and %s if it is slow", a, b)
	}
}

// slowRegister is the workload register, but a world in whose directory the file slowness is takes two seconds to open it.
const slowRegister, slowness = "slow register", "slowness"

func init() {
	w, _ := workloads.ByName("register")
	open := w.Open
	w.Name, w.Also = slowRegister, nil
	w.Open = func(o workloads.Options) workloads.Workload {
		if _, err := os.Stat(slowness); err == nil {
			_ = syscall.Nanosleep(&syscall.Timespec{Sec: 2}, nil) // time.Sleep takes none in a world
		}
		return open(o)
	}
	workloads.Register(w)
}

// runIn runs a world in a directory in which some files are.
func runIn(t *testing.T, dir string, in Input, files map[string]string) *Result {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(inputFile, string(text))
	for name, text := range files {
		write(name, text)
	}
	cmd, err := again()
	if err == nil {
		err = runProcess(context.Background(), cmd, dir, Bounds{}, pinned(in.Spec.Seed))
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := readResult(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Where there is no place in memory, or another one, worlds live elsewhere: that makes no difference either.
func TestThePlaceOfAWorldMakesNoDifference(t *testing.T) {
	first := ""
	for i := range 4 {
		dir := filepath.Join(t.TempDir(), strings.Repeat("deeper/", 20*i))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		r := runIn(t, dir, shortInput(7), nil)
		if first == "" {
			first = r.History.Digest()
		}
		if got := r.History.Digest(); got != first {
			t.Errorf("in %s it is %s and not %s", dir, got, first)
		}
	}
}

func said(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	b, err := cmd.Output()
	if err != nil {
		t.Errorf("%v: %s", err, stderr.String())
	}
	return strings.TrimSpace(string(b))
}

// Another schedule is another run, and a run says how its schedule was carried out: with the nodes that
// the symbols stood for. Carried out again, that is the same schedule.
func TestTheScheduleGivenIsTheOneCarriedOut(t *testing.T) {
	in := Input{Spec: shortSpec(7), Schedule: "3.2s crash leader\n6.4s restart all\n"}
	r, err := Run(context.Background(), in, Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	faults := r.History.Faults()
	if len(faults) != 1 || faults[0].Kind != "crash" || faults[0].Begin != 3200*time.Millisecond {
		t.Fatalf("the faults were %+v", faults)
	}
	node := faults[0].Subject
	if want := fmt.Sprintf("3.2s crash %s\n6.4s restart %s\n", node, node); r.Resolved != want {
		t.Errorf("resolved to %q, not %q", r.Resolved, want)
	}
	again, err := Run(context.Background(), Input{Spec: in.Spec, Schedule: r.Resolved}, Bounds{})
	if err != nil {
		t.Fatal(err)
	}
	if again.Resolved != r.Resolved {
		t.Errorf("%q was carried out as %q", r.Resolved, again.Resolved)
	}
}

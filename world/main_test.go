package world

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	_ "faultline/cluster/kinds"

	"go.uber.org/goleak"
)

// helperEnv makes this test program something else than tests. Worlds are started by it too, so Child
// comes first, as it must in every program.
const helperEnv = "FAULTLINE_TEST_HELPER"

func TestMain(m *testing.M) {
	registerMisbehaving()
	registerRefusing()
	disturb()
	collectOften()
	Child()
	switch os.Getenv(helperEnv) {
	case "":
		goleak.VerifyTestMain(m)
	case "busy":
		for n := 0; ; n++ {
		}
	case "spin":
		in := shortInput(1)
		in.Spec.Workload = "spin"
		_, _ = Run(context.Background(), in, Bounds{}) // it does not end
	default:
		os.Exit(printFingerprint(os.Getenv(helperEnv)))
	}
}

// disturbance is a file in a world's directory: how much its process does before it enters the world.
const disturbance = "disturbance"

// disturb does what start-up may do more or less of: threads, ticks of the scheduler, draws from both generators.
func disturb() {
	b, err := os.ReadFile(disturbance)
	if err != nil {
		return
	}
	n, err := strconv.Atoi(string(b))
	if err != nil {
		panic(err) // a test wrote it
	}
	done := make(chan bool)
	for range n%4 + 1 {
		go func() {
			runtime.LockOSThread()
			for range n {
				runtime.Gosched()
				rand.Uint64()
				select { // which of the two is drawn
				case <-time.After(0):
				case <-time.After(0):
				}
			}
			done <- true
		}()
	}
	for range n%4 + 1 {
		<-done
	}
}

// helper is this program in another role.
func helper(t *testing.T, role string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), helperEnv+"="+role)
	return cmd
}

func printFingerprint(seed string) int {
	n, err := strconv.ParseUint(seed, 10, 64)
	if err == nil {
		var r *Result
		if r, err = Run(context.Background(), shortInput(n), Bounds{}); err == nil {
			fmt.Println(fingerprint(r))
			return 0
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// fingerprint is of everything that a run leaves behind, the nodes' logs included.
func fingerprint(r *Result) string {
	b, err := json.Marshal(r.Report)
	if err != nil {
		panic(err) // a report is plain data
	}
	sum := sha256.Sum256(fmt.Appendf(b, "%s %s %v %v", r.History.Digest(), r.Resolved, r.Virtual, r.Served))
	return hex.EncodeToString(sum[:]) + " " + r.Replay
}

// shortSpec is a test of some seconds under all faults.
func shortSpec(seed uint64) Spec {
	return Spec{Seed: seed, TimeLimit: 12 * time.Second, Rate: 200, Concurrency: 10, Workload: "register",
		Nemesis: []string{"partition", "crash", "pause"}, Interval: 2 * time.Second, Clock: Virtual}
}

func shortInput(seed uint64) Input {
	in := Input{Spec: shortSpec(seed)}
	s, err := in.Spec.Schedule()
	if err != nil {
		panic(err) // the spec is one that has a schedule
	}
	in.Schedule = s.String()
	return in
}

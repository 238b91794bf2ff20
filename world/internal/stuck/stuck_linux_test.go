package stuck

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// roleEnv makes this test program the process of a world, or a guest.
const roleEnv = "FAULTLINE_STUCK_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleEnv) {
	case "world":
		world(os.Args[1])
	case "guest that spins":
		loop()
	case "guest that blocks":
		blockForEver()
	}
	os.Exit(m.Run())
}

// world starts guests, waits for one to come back, and is not even asked whether it minds.
func world(does string) {
	for _, name := range []string{"n1", "n2"} {
		role := "guest that waits"
		if name == "n2" {
			role = "guest that " + does
		}
		said, err := os.Create(name + suffix)
		if err != nil {
			panic(err)
		}
		cmd := exec.Command("/proc/self/exe", "-test.run=^TestAGuestThatWaits$")
		cmd.Env, cmd.Stderr = []string{roleEnv + "=" + role, "GOTRACEBACK=all", "GOMAXPROCS=1"}, said
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			panic(err)
		}
	}
	time.Sleep(time.Hour)
}

func loop() {
	for n := 0; ; n++ {
	}
}

func blockForEver() {
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		panic(err)
	}
	_, _ = syscall.Read(ends[0], make([]byte, 1))
}

// TestAGuestThatWaits is no test, but what a guest is that is not to blame.
func TestAGuestThatWaits(t *testing.T) {
	if os.Getenv(roleEnv) == "" {
		t.SkipNow()
	}
	time.Sleep(time.Hour)
}

// The guest that keeps its world from going on is named, and where in its program it is.
func TestFind(t *testing.T) {
	for does, want := range map[string]string{
		"spins":  "n2 spins in stuck.loop at stuck_linux_test.go:",
		"blocks": "n2 waits outside of the world in stuck.blockForEver at stuck_linux_test.go:",
		"waits":  "",
	} {
		t.Run(does, func(t *testing.T) {
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(exe, does)
			cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), roleEnv+"=world")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			}()
			for tries := 0; len(guestsOf(cmd.Process.Pid)) < 2; tries++ {
				if tries == 1000 {
					t.Fatal("there are no guests")
				}
				time.Sleep(10 * time.Millisecond)
			}
			time.Sleep(200 * time.Millisecond) // what the guests do at first is over
			got, dump := Find(cmd.Process.Pid)
			if !strings.HasPrefix(got, want) || want == "" && got != "" {
				t.Errorf("got %q of\n%s", got, dump)
			}
			if left, _ := filepath.Glob(filepath.Join(cmd.Dir, "*"+suffix)); len(left) != 2 {
				t.Errorf("%q", left)
			}
		})
	}
}

// A guest that waits for its turn is not to blame, whatever else of it waits.
func TestBlame(t *testing.T) {
	const dump = "SIGQUIT: quit\n\ngoroutine 1 [syscall]:\nsyscall.faultlineHear()\n\t/go/src/syscall/zz.go:1 +0x1\n\n" +
		"goroutine 9 [syscall]:\nmain.f(...)\n\t/x/main.go:7 +0x2\n"
	if got := blame("n1", false, []byte(dump)); got != "" {
		t.Error(got)
	}
	if got := blame("n1", false, []byte(strings.Replace(dump, "faultlineHear", "other", 1))); got != "n1 waits outside of the world in main.f at main.go:7" {
		t.Error(got)
	}
}

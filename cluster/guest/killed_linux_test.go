package guest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// roleEnv has TestAWorldToKill be the world that is killed.
const roleEnv = "FAULTLINE_GUEST_ROLE"

func TestAWorldToKill(t *testing.T) {
	file := os.Getenv(roleEnv)
	if file == "" {
		t.Skip("this is what another test kills")
	}
	built = func() (string, error) { return file, nil }
	commands := map[string]guest.Command{"n1": {Args: []string{"echo", ":80"}}, "n2": {Args: []string{"spin"}}}
	inLab(t, 1, sim.Hardware{}, commands, func(l *lab) { time.Sleep(time.Hour) })
}

// Guests do not outlive their world's process, be it that they wait or that they spin.
func TestGuestsDieWithTheirWorld(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	world := exec.Command(exe, "-test.run=^TestAWorldToKill$")
	world.Env = append(os.Environ(), roleEnv+"="+program(t), "TMPDIR="+t.TempDir())
	if err := world.Start(); err != nil {
		t.Fatal(err)
	}
	var guests []string
	eventually(t, "there are two guests", func() bool {
		guests = childrenOf(world.Process.Pid)
		return len(guests) == 2
	})
	_ = world.Process.Kill()
	_ = world.Wait()
	for _, pid := range guests {
		eventually(t, "guest "+pid+" is gone", func() bool {
			b, err := os.ReadFile("/proc/" + pid + "/stat")
			return err != nil || strings.Contains(string(b), ") Z ") // an init that reaps nobody
		})
	}
}

// A guest that is killed from outside is a node that dies.
func TestAGuestThatIsKilled(t *testing.T) {
	inLab(t, 1, sim.Hardware{}, map[string]guest.Command{"n1": {Args: []string{"ticks"}}}, func(l *lab) {
		time.Sleep(250 * time.Millisecond)
		pid := childrenOf(os.Getpid())
		if len(pid) != 1 {
			l.t.Fatalf("guests: %q", pid)
		}
		l.check(exec.Command("kill", "-9", pid[0]).Run())
		time.Sleep(time.Second)
		if got := l.taken(); !strings.HasSuffix(got, "tick 2\nn1 dies: ends by killed\n") {
			l.t.Errorf("%s", got)
		}
	})
}

func childrenOf(pid int) (all []string) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is well formed
	for _, list := range lists {
		b, _ := os.ReadFile(list) // the thread may have ended
		all = append(all, strings.Fields(string(b))...)
	}
	return all
}

// eventually waits, in real time, until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 2000 {
		if is() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("it is never so that %s", what)
}

package guest_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"faultline/cluster/guest"
	"faultline/cluster/sim"
)

// A guest that does not come back stops its world, and can be asked from outside where it is.
func TestAGuestThatSpinsSaysWhere(t *testing.T) {
	program(t) // which takes its time
	asked := make(chan bool)
	go func() {
		defer close(asked)
		for range 1000 { // of real time: there is no other
			if quitRunning() {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	inLab(t, 1, sim.Hardware{}, map[string]guest.Command{"n1": {Args: []string{"spin"}}}, func(l *lab) {
		time.Sleep(2 * time.Second)
		if got := l.taken(); got != "n1 dies: ends by quit: SIGQUIT: quit\n" && !strings.HasPrefix(got, "n1 dies: exits with 2: SIGQUIT: quit") {
			l.t.Errorf("%s", got)
		}
		if log := l.Report().Logs[0].Text; !bytes.Contains(log, []byte("main.spin")) {
			l.t.Errorf("%s", log)
		}
	})
	<-asked
}

// quitRunning sends SIGQUIT to the thread of a child that runs, and reports whether there is one.
func quitRunning() bool {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		children, _ := os.ReadFile(list)
		for _, child := range strings.Fields(string(children)) {
			stats, _ := filepath.Glob(fmt.Sprintf("/proc/%s/task/*/stat", child))
			for _, stat := range stats {
				b, _ := os.ReadFile(stat)
				_, rest, _ := bytes.Cut(b, []byte(") "))
				fields := strings.Fields(string(rest))
				if len(fields) < 12 || len(fields[11]) < 2 || fields[0] != "R" { // less than 100 ms
					continue
				}
				pid, _ := strconv.Atoi(child)
				tid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
				_, _, errno := syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(pid), uintptr(tid), uintptr(syscall.SIGQUIT))
				return errno == 0
			}
		}
	}
	return false
}

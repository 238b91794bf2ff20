package stuck

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a guest.
type process struct {
	pid  int
	said string // the file of its standard error
}

const (
	sample  = 300 * time.Millisecond // of what uses the processor
	busy    = 3                      // ticks of 10 ms in it
	toPrint = 3 * time.Second        // that a process has to print its goroutines
)

func find(world int) (what string, goroutines []byte) {
	guests := guestsOf(world)
	if len(guests) == 0 {
		return "", nil
	}
	if g, thread := busiest(guests); thread != 0 {
		_ = syscall.Kill(world, syscall.SIGSTOP) // it would go on as soon as the guest is gone
		dump := g.ask(thread)
		return blame(g.name(), true, dump), dump
	}
	_ = syscall.Kill(world, syscall.SIGSTOP)
	for _, g := range guests {
		dump := g.ask(0)
		if what := blame(g.name(), false, dump); what != "" {
			return what, dump
		}
	}
	return "", nil
}

// guestsOf are the processes that a process has started, in the order of their names.
func guestsOf(world int) (all []process) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", world)) // the pattern is well formed
	for _, list := range lists {
		b, _ := os.ReadFile(list) // the thread may have ended
		for _, word := range strings.Fields(string(b)) {
			pid, _ := strconv.Atoi(word)
			if said, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/2", pid)); err == nil && strings.HasSuffix(said, suffix) {
				all = append(all, process{pid, said})
			}
		}
	}
	slices.SortFunc(all, func(a, b process) int { return strings.Compare(a.said, b.said) })
	return all
}

// suffix is that of the file of a guest's standard error, whose name is otherwise the node's: see package guest.
const suffix = ".said"

func (g process) name() string { return strings.TrimSuffix(filepath.Base(g.said), suffix) }

// busiest is the thread that uses the processor most; 0 if none does.
func busiest(guests []process) (g process, thread int) {
	before := map[int]int{}
	for _, g := range guests {
		g.threads(func(tid, ticks int) { before[tid] = ticks })
	}
	time.Sleep(sample)
	most := busy - 1
	for _, guest := range guests {
		guest.threads(func(tid, ticks int) {
			if used := ticks - before[tid]; used > most {
				g, thread, most = guest, tid, used
			}
		})
	}
	return g, thread
}

// threads calls f with each thread and how much of the processor it has had, in ticks of the clock.
func (g process) threads(f func(tid, ticks int)) {
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", g.pid)) // the pattern is well formed
	for _, stat := range stats {
		b, _ := os.ReadFile(stat)
		_, rest, _ := bytes.Cut(b, []byte(") ")) // the state, and twelve numbers up to that of ticks in the program
		fields := strings.Fields(string(rest))
		if len(fields) < 14 {
			continue
		}
		tid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		f(tid, user+system)
	}
}

// ask has a process print its goroutines and end, and returns them. Only the thread that is asked knows the stack of what it runs; 0 is
// any.
func (g process) ask(thread int) []byte {
	if thread == 0 {
		_ = syscall.Kill(g.pid, syscall.SIGQUIT)
	} else {
		_, _, _ = syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(g.pid), uintptr(thread), uintptr(syscall.SIGQUIT))
	}
	for end := time.Now().Add(toPrint); time.Now().Before(end) && !g.ended(); {
		time.Sleep(10 * time.Millisecond)
	}
	dump, _ := os.ReadFile(g.said)
	return dump
}

// ended reports whether a process runs no more, though its parent has not noticed.
func (g process) ended() bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", g.pid))
	_, rest, _ := bytes.Cut(b, []byte(") "))
	return err != nil || len(rest) == 0 || rest[0] == 'Z'
}

package world

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"faultline/world/internal/stuck"
)

// watchdog ends a process that hangs or grows too large, or whose caller has lost interest.
type watchdog struct {
	progress string
	bounds   Bounds
	quit     chan struct{}
	watching sync.WaitGroup

	mu     sync.Mutex
	reason string
	guest  []byte // goroutines of the guest that is to blame
}

func newWatchdog(dir string, b Bounds) *watchdog {
	if b.Stall == 0 {
		b.Stall = 30 * time.Second
	}
	if b.Memory == 0 {
		b.Memory = 4 << 30
	}
	return &watchdog{progress: filepath.Join(dir, progressFile), bounds: b, quit: make(chan struct{})}
}

// stop ends the watch and returns why the process was killed, with the goroutines of the guest that is to blame; empty if it was not.
func (w *watchdog) stop() (reason string, guest []byte) {
	close(w.quit)
	w.watching.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reason, w.guest
}

// start begins to watch a process.
func (w *watchdog) start(ctx context.Context, p *os.Process) {
	w.watching.Go(func() { w.watch(ctx, p) })
}

func (w *watchdog) watch(ctx context.Context, p *os.Process) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	var world stand
	for {
		select {
		case <-w.quit:
			return
		case <-ctx.Done():
			_ = p.Kill()
			return
		case <-tick.C:
		}
		processes := family(p.Pid)
		progress, _ := os.ReadFile(w.progress)
		if world.idle(progress, processes) > w.bounds.Stall {
			w.stalled(p)
			return
		}
		if used := resident(processes); used > w.bounds.Memory {
			w.end(p, fmt.Sprintf("it uses %d MiB of memory, more than its bound of %d MiB", used>>20, w.bounds.Memory>>20))
			return
		}
	}
}

// stand is what a world was last seen at.
type stand struct {
	progress []byte
	still    bool          // it was no further when it was last looked at
	since    time.Time     // when it was first seen to be no further
	queued   time.Duration // for how long it had waited for a processor by then
}

// idle is for how long a world has had a processor and made no progress. Its threads are asked only if it makes none: there are dozens.
func (s *stand) idle(progress []byte, processes []int) time.Duration {
	if !bytes.Equal(progress, s.progress) {
		s.progress, s.still = progress, false
		return 0
	}
	queued := waitedForProcessor(processes)
	if !s.still {
		s.still, s.since, s.queued = true, time.Now(), queued
	}
	return time.Since(s.since) - max(0, queued-s.queued)
}

// stalled ends a process that makes no progress. A guest that keeps it from that is named.
func (w *watchdog) stalled(p *os.Process) {
	reason := fmt.Sprintf("no progress for %v of real time", w.bounds.Stall)
	what, goroutines := stuck.Find(p.Pid)
	if what == "" {
		_ = p.Signal(syscall.SIGCONT)
		w.end(p, reason)
		return
	}
	w.mu.Lock()
	w.reason, w.guest = reason+": "+what, goroutines
	w.mu.Unlock()
	_ = p.Kill()
}

// end has the process print its goroutines, and kills it if it does not end by that.
func (w *watchdog) end(p *os.Process, reason string) {
	w.mu.Lock()
	w.reason = reason
	w.mu.Unlock()
	_ = p.Signal(syscall.SIGQUIT)
	select {
	case <-w.quit:
	case <-time.After(killAfter):
		_ = p.Kill()
	}
}

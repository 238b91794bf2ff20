package world

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A world that ends without a result is a CrashError that says why, with the goroutines that were there.
func TestCrashedWorldsSayWhy(t *testing.T) {
	tests := []struct {
		workload, reason, dump string
		bounds                 Bounds
	}{
		{workload: "spin", reason: "no progress for 300ms of real time", dump: "(*test).load", bounds: Bounds{Stall: 300 * time.Millisecond}},
		{workload: "wait for a mutex", reason: "no progress for 300ms of real time", dump: "(*test).load", bounds: Bounds{Stall: 300 * time.Millisecond}},
		{workload: "panic", reason: "exit status 2: panic: the store is on fire", dump: "(*test).load"},
		{workload: "grow", reason: "more than its bound of 256 MiB", dump: "(*test).load", bounds: Bounds{Memory: 256 << 20}},
		{workload: "none such", reason: `exit status 1: unknown workload "none such"`, dump: "none such"},
	}
	for _, tt := range tests {
		t.Run(tt.workload, func(t *testing.T) {
			in := shortInput(1)
			in.Spec.Workload = tt.workload
			r, err := Run(context.Background(), in, tt.bounds)
			var crash *CrashError
			if !errors.As(err, &crash) {
				t.Fatalf("got %v, %v", r, err)
			}
			if !strings.Contains(crash.Reason, tt.reason) || strings.Contains(crash.Reason, "\n") {
				t.Errorf("the reason is %q, not %q", crash.Reason, tt.reason)
			}
			if !strings.Contains(string(crash.Output), tt.dump) {
				t.Errorf("there is no %s in:\n%s", tt.dump, crash.Output)
			}
		})
	}
}

// However a world ends, its process and its directory are gone when Run returns.
func TestNothingIsLeftOfAWorld(t *testing.T) {
	tests := []struct {
		name, workload string
		bounds         Bounds
		cancel, kill   bool
		want           any // the type of the error
	}{
		{name: "finished", workload: "register"},
		{name: "hung", workload: "spin", bounds: Bounds{Stall: 300 * time.Millisecond}, want: new(*CrashError)},
		{name: "cancelled", workload: "spin", cancel: true},
		{name: "killed", workload: "spin", kill: true, want: new(*CrashError)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			in := shortInput(1)
			in.Spec.Workload = tt.workload
			done := make(chan error)
			go func() {
				_, err := Run(ctx, in, tt.bounds)
				done <- err
			}()
			pid, dir := awaitWorld(t, os.Getpid())
			if tt.cancel {
				cancel()
			}
			if tt.kill {
				number, _ := strconv.Atoi(pid)
				_ = syscall.Kill(number, syscall.SIGKILL)
			}
			err := <-done
			switch {
			case tt.cancel && !errors.Is(err, context.Canceled):
				t.Errorf("who cancels gets the context's error, not %v", err)
			case tt.want != nil && !errors.As(err, tt.want):
				t.Errorf("got %v", err)
			}
			if alive(pid) {
				t.Errorf("process %s is still there", pid)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Errorf("%s is still there", dir)
			}
		})
	}
}

// A killed program takes its worlds along, and lets go of their directories, which later worlds sweep up.
func TestAKilledProgramTakesItsWorldsAlong(t *testing.T) {
	cmd := helper(t, "spin")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid, dir := awaitWorld(t, cmd.Process.Pid)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if lock, err := lockDir(dir); err == nil {
		_ = lock.Close()
		t.Error("a living world's directory is not locked")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	for range 1000 {
		if !alive(pid) {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if alive(pid) {
		t.Errorf("process %s is still there", pid)
	}
	lock, err := lockDir(dir)
	if err != nil {
		t.Fatalf("a dead world's directory is locked: %v", err)
	}
	_ = lock.Close()
}

func alive(pid string) bool {
	_, err := os.Stat(filepath.Join("/proc", pid))
	return err == nil
}

// awaitWorld waits until a program has a world's process, and returns its number and directory.
func awaitWorld(t *testing.T, program int) (pid, dir string) {
	t.Helper()
	for range 1000 {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", program))
		if err != nil {
			t.Fatal(err)
		}
		for _, children := range threads {
			b, _ := os.ReadFile(children) // the thread may have ended
			for _, pid := range strings.Fields(string(b)) {
				if dir, _ := os.Readlink(filepath.Join("/proc", pid, "cwd")); strings.HasPrefix(filepath.Base(dir), scratchPrefix) {
					return pid, dir
				}
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("no world was started")
	return "", ""
}

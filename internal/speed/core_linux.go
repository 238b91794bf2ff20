package main

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// onOneCore keeps this goroutine's thread, and the processes that it starts, on one of the cores that are allowed, until undo.
func onOneCore() (undo func()) {
	runtime.LockOSThread()
	var allowed, one unix.CPUSet
	if unix.SchedGetaffinity(0, &allowed) != nil || allowed.Count() == 0 {
		return runtime.UnlockOSThread
	}
	core := 0
	for !allowed.IsSet(core) {
		core++
	}
	one.Set(core)
	_ = unix.SchedSetaffinity(0, &one) // where that is refused the times vary more
	return func() {
		_ = unix.SchedSetaffinity(0, &allowed)
		runtime.UnlockOSThread()
	}
}

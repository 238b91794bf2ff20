package world

import (
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// cores counts the worlds that run on each core.
//
// A world with guests is several processes of which one runs at a time. On one core a turn is two switches of the scheduler; on two,
// each waits for the other core to wake up, which takes several times as long.
var cores struct {
	sync.Mutex
	worlds map[int]int
}

// onOneCore keeps this thread, and the processes that it starts, on the core with the fewest worlds. Undo lets the thread go where
// it could before; release gives the core back when the world has ended.
func onOneCore() (undo, release func()) {
	var allowed unix.CPUSet
	if unix.SchedGetaffinity(0, &allowed) != nil || allowed.Count() < 1 {
		return func() {}, func() {}
	}
	core := take(&allowed)
	var one unix.CPUSet
	one.Set(core)
	_ = unix.SchedSetaffinity(0, &one) // where that is refused the world is slower
	return func() { _ = unix.SchedSetaffinity(0, &allowed) }, func() {
		cores.Lock()
		defer cores.Unlock()
		cores.worlds[core]--
	}
}

// take is the core with the fewest worlds among those that are allowed.
func take(allowed *unix.CPUSet) int {
	cores.Lock()
	defer cores.Unlock()
	if cores.worlds == nil {
		cores.worlds = map[int]int{}
	}
	var all []int
	for i := 0; len(all) < allowed.Count(); i++ {
		if allowed.IsSet(i) {
			all = append(all, i)
		}
	}
	core := slices.MinFunc(all, func(a, b int) int { return cores.worlds[a] - cores.worlds[b] })
	cores.worlds[core]++
	return core
}

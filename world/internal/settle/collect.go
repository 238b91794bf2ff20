//go:build !faultline_overlay

package settle

import (
	"runtime"
	"strings"
	"sync"
)

// Collect runs the collector once, in a world, and leaves the state behind that Again leaves. All other goroutines must be waiting, for
// a timer or for each other: then nothing happens in the world meanwhile, and the collection comes to lie between the same two of its steps in
// every run. What else a collection of Go touches:
//
//   - It stops the world to mark, and the caller sweeps all that is left before it goes on (GODEBUG gcstoptheworld=1, runtime.GC). What
//     the background sweeper is woken for is done by then. Memory is used again in an order that depends on addresses, which
//     differ from process to process; nothing in a world may depend on them.
//   - Walking the stacks draws from the generator of select, to evict the walker's cache, and so does marking, to look for work. How often
//     depends on addresses, by some dozens of draws: a marker is rarer here than at the start, since an hour has dozens of collections. The
//     scheduler ticks for the collector's own goroutines. All of it is aligned, as by Again.
//   - Goroutines start with stacks as large as the average one that was scanned. They must go on starting as large as they did: see
//     withLargeStacks.
//   - The scavenger gives memory back in the background, with sleeps in real time, each of which is a tick of the scheduler at an instant
//     of its own. It does so if the heap has over a tenth more than was in use before the sweep: see fill.
//   - sync.Pool forgets what was not used since the last collection, and weak pointers become nil: at the same instant in every run.
//   - Finalizers and cleanups run on goroutines outside of the bubble, which are through with them when the scheduler's ticks are
//     aligned, as that lets everybody else run. In which order they run depends on addresses. Nothing in a world may depend on that, nor may
//     they wait.
//   - Collections by time are sysmon's to begin, which does not run; those by growth are off. Stacks do not shrink (gcshrinkstackoff=1).
func Collect() {
	withLargeStacks(func() {
		fill() // not before: what stacks leave behind while they grow is free too
		runtime.GC()
	})
	align(1<<22 - 1)
}

// fill has the heap use most of the memory that it has and that is free, page by page, as garbage of the collection that follows. So the
// scavenger, which keeps a tenth more than was in use, finds nothing to give back, whatever became of the world's own use of memory.
func fill() {
	const page = 8 << 10
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	for free := m.HeapIdle - m.HeapReleased; free > m.HeapInuse/16; free -= min(free, page) {
		var garbage strings.Builder // whose memory is not cleared
		garbage.Grow(page)
	}
}

// withLargeStacks calls f while the average stack is as large as that of growStacks, in a process with many goroutines whose
// stacks are small: a few have stacks that make up for them. Go allows no stack of more than half a gigabyte.
func withLargeStacks(f func()) {
	const (
		others  = 10       // goroutines that runtime.NumGoroutine does not count
		deepest = 32 << 10 // KiB
	)
	ready, release := make(chan bool), make(chan bool)
	var large sync.WaitGroup
	for missing := stackKiB * (runtime.NumGoroutine() + others); missing > 0; missing -= deepest {
		large.Go(func() { deep(min(missing, deepest), func() { ready <- true; <-release }) })
		<-ready
	}
	f()
	close(release)
	large.Wait()
}

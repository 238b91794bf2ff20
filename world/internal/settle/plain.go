//go:build !faultline_overlay

package settle

import (
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// init runs on the process's first thread, to which the runtime keeps main until all packages are initialized. In this order:
//
//   - makeRoom: memory comes from the system in large pages.
//   - growStacks: goroutines start with stacks that never grow. Growing walks the stack, the walk draws
//     from cheaprand to evict its cache, and when a stack grows depends on the heap's layout: an allocation
//     that finds its span full goes deeper than one that does not.
//   - reserve: only a goroutine that takes the place of one that has ended starts with such a stack. One for
//     which there is no place starts with 2 KiB, and grows.
//   - muster: how many threads the runtime makes before main is a race, and each costs a draw. Make more
//     than any start-up does; none is made later.
func init() {
	if os.Getenv(Variable) == "" {
		return
	}
	runtime.MemProfileRate = 0
	makeRoom()
	aside(growStacks)
	aside(func() { reserve(2048) })
	aside(func() { muster(8) })
	Again()
}

// Again settles what the inits of other packages may have unsettled, if one of them starts goroutines or asks for the time. It must run
// on the process's first thread. In this order:
//
//   - alignTicks: each 61st time that the scheduler looks for a goroutine it looks at the global queue
//     first. That queue is used where more than 256 goroutines become runnable at once, as when all nodes
//     are resumed.
//   - draw from both generators up to a marker: streams that are a few draws apart stand at the same
//     place behind it, unless a marker lies just there. So markers are rare: for one seed in some ten
//     thousand start-up may still matter. With a marker every 4,096 draws it did for one in a hundred.
//   - flush the stack walker's cache, whose contents decide how often it draws.
func Again() { align(1<<18 - 1) }

// align does what Again says. The mask is that of the marker of the generator of select.
func align(marker uint32) {
	aside(alignTicks)
	for rand.Uint64()&(1<<17-1) != 0 {
	}
	for cheaprand()&marker != 0 {
	}
	flushWalkCache()
}

// cheaprand decides select, and the order of timers that are due at the same instant. The runtime keeps
// it open to linkname.
//
//go:linkname cheaprand runtime.cheaprand
func cheaprand() uint32

// aside runs f on a goroutine that is not bound to a thread: main is, and each time it waited for
// another goroutine the two threads would have to take turns.
func aside(f func()) {
	done := make(chan bool)
	go func() {
		f()
		close(done)
	}()
	<-done
}

// The stacks that goroutines start with are as large as the average one that the collector has seen.
const (
	stackSamples = 48
	stackKiB     = 40
)

// growStacks makes the average stack large and has the collector see it. See Collect for what fill keeps the scavenger from, which would wake
// up a second later, in real time: a tick of the scheduler within the world if that is slow, and none if it is fast.
func growStacks() {
	ready, release, done := make(chan bool), make(chan bool), make(chan bool)
	for range stackSamples {
		go func() {
			deep(stackKiB, func() { ready <- true; <-release })
			done <- true
		}()
	}
	for range stackSamples {
		<-ready
	}
	fill()
	runtime.GC()
	close(release)
	for range stackSamples {
		<-done
	}
}

// deep calls f with n KiB of stack above it.
//
//go:noinline
func deep(n int, f func()) byte {
	var pad [1024]byte
	if n == 0 {
		f()
		return pad[0]
	}
	return deep(n-1, f) + pad[n%len(pad)]
}

// reserve leaves places of ended goroutines behind, for the given number of new ones.
func reserve(goroutines int) {
	var running sync.WaitGroup
	running.Add(goroutines)
	for range goroutines {
		go running.Done()
	}
	running.Wait()
}

// muster has the runtime make threads.
func muster(threads int) {
	ready, release, done := make(chan bool), make(chan bool), make(chan bool)
	for range threads {
		go func() {
			runtime.LockOSThread()
			ready <- true
			<-release
			runtime.UnlockOSThread()
			done <- true
		}()
	}
	for range threads {
		<-ready
	}
	close(release)
	for range threads {
		<-done
	}
}

// alignTicks brings the scheduler's count of ticks, modulo 61, to the same value in every process. To ask for
// it moves it on by some ticks, the same number unless it wraps around meanwhile; a Gosched moves it on by one.
// Three rounds are enough, and each process goes through as many, so that all have made as many goroutines.
func alignTicks() {
	const wanted, asking, rounds = 30, 4, 5
	for range rounds {
		before := untilGlobal()
		for range (before - wanted - asking + 2*61) % 61 {
			runtime.Gosched()
		}
	}
}

// untilGlobal tells how many goroutines the scheduler takes from the local queue before it next looks at
// the global one: there it finds this goroutine.
func untilGlobal() (before int) {
	const more = 64 // than 61
	var ran atomic.Int32
	for range more {
		go func() { ran.Add(1) }()
	}
	runtime.Gosched()
	before = int(ran.Load())
	for ran.Load() < more {
		runtime.Gosched()
	}
	return before
}

// flushWalkCache looks up enough addresses to leave nothing of start-up in the cache: all those in a few functions.
func flushWalkCache() {
	for _, function := range []func(){growStacks, alignTicks, flushWalkCache, Again} {
		entry := **(**uintptr)(unsafe.Pointer(&function)) // reflect, which would tell, is not initialized yet
		f := runtime.FuncForPC(entry)
		for pc := entry; pc < entry+512; pc++ {
			f.FileLine(pc)
		}
	}
}

package runtime

import _ "unsafe"

// A program that is built with this overlay runs as any other, unless its environment has FAULTLINE_RUNTIME_SEED. Then the seed takes
// the place of what the kernel provides, and no sysmon takes the processor from goroutines. With FAULTLINE_GUEST too it is a
// node of a world: all its packages are initialized and main runs in one synctest bubble, whose time the world decides.

const (
	faultlineSeedName  = "FAULTLINE_RUNTIME_SEED="
	faultlineGuestName = "FAULTLINE_GUEST="
	faultlineSeedSize  = 16
)

var (
	faultlineSeeded bool
	faultlineGuest  bool
	faultlineInside bool // a bubble has begun
	faultlineSeed   [faultlineSeedSize]byte
)

// faultlineReadSeed is called before the runtime seeds its generators, when nothing can be allocated.
func faultlineReadSeed() {
	for i := argc + 1; ; i++ {
		p := argv_index(argv, i)
		if p == nil {
			return
		}
		s := gostringnocopy(p)
		switch {
		case len(s) == len(faultlineSeedName)+faultlineSeedSize && s[:len(faultlineSeedName)] == faultlineSeedName:
			faultlineSeeded = true
			for k := range faultlineSeed {
				faultlineSeed[k] = s[len(faultlineSeedName)+k]
				startupRand[k] = faultlineSeed[k]
			}
		case len(s) > len(faultlineGuestName) && s[:len(faultlineGuestName)] == faultlineGuestName:
			faultlineGuest = true
		}
	}
}

// faultlineMain is called before the packages of the program are initialized. With a guest it does what main would do then: it
// initializes the packages and calls main.main, in a bubble. What a package starts in its init, such as a goroutine that wakes
// up now and then, lives in virtual time too.
func faultlineMain() {
	unlockOSThread() // a goroutine that is bound to a thread waits for that thread at each turn
	faultlineSettle()
	if !faultlineGuest {
		lockOSThread() // as it was, until all packages are initialized
		return
	}
	synctestRun(faultlineProgram)
	exit(0)
}

// faultlineProgram has the name of a function of another package: a goroutine that begins in one of the runtime's belongs to
// the runtime, and to no bubble.
//
//go:linkname faultlineProgram syscall.faultlineProgram
func faultlineProgram() {
	last := lastmoduledatap
	for m := &firstmoduledata; true; m = m.next {
		doInit(m.inittasks)
		if m == last {
			break
		}
	}
	inittrace.active = false
	close(main_init_done)
	fn := main_main
	fn()
	runExitHooks(0)
	faultlineEnd(0)
}

// faultlineIdle is called when everybody in the bubble waits, at most until next, 0 for ever. It says what time it is then.
var faultlineIdle func(next int64) (now int64)

//go:linkname faultlineSetIdle syscall.faultlineSetIdle
func faultlineSetIdle(f func(next int64) (now int64)) { faultlineIdle = f }

// faultlineSetNow sets the time before the bubble first waits.
//
//go:linkname faultlineSetNow syscall.faultlineSetNow
func faultlineSetNow(now int64) {
	if bubble := getg().bubble; bubble != nil {
		bubble.now = now
	}
}

// faultlineLast, if set, is called before the process ends of itself: what it did is told to the world.
var faultlineLast func(code int32)

//go:linkname faultlineSetLast syscall.faultlineSetLast
func faultlineSetLast(f func(code int32)) { faultlineLast = f }

// faultlineEnd ends a process that is a guest.
func faultlineEnd(code int32) {
	if f := faultlineLast; f != nil {
		faultlineLast = nil
		f(code)
	}
	exit(code)
}

// faultlinePanicked is called with a panic that nobody recovers from.
func faultlinePanicked() {
	if f := faultlineLast; f != nil && getg() == getg().m.curg {
		faultlineLast = nil
		f(2)
	}
}

// faultlineWall is by how much the wall clock of a guest is wrong, in ns.
var faultlineWall int64

//go:linkname faultlineSetWall syscall.faultlineSetWall
func faultlineSetWall(offset int64) { faultlineWall = offset }

// faultlineWallOf is by how much the wall clock is wrong that a goroutine sees.
func faultlineWallOf(gp *g) int64 {
	if n := gp.faultlineHost; n != 0 {
		return faultlineHosts[n].wall
	}
	return faultlineWall
}

//go:linkname faultlineIsGuest syscall.faultlineIsGuest
func faultlineIsGuest() bool { return faultlineGuest }

//go:linkname faultlineIsSeeded syscall.FaultlineIsSeeded
func faultlineIsSeeded() bool { return faultlineSeeded }

// faultlineClock is the time that system calls tell: the monotonic one is that of the bubble.
//
//go:linkname faultlineClock syscall.faultlineClock
func faultlineClock() (sec int64, nsec int32, mono int64) { return time_runtimeNow() }

// faultlineNow is the time of a bubble as a goroutine's host sees it: the wall clock can be wrong, and the other cannot.
func faultlineNow(gp *g, now int64) (sec int64, nsec int32, mono int64) {
	wall := now + faultlineWallOf(gp)
	return wall / 1e9, int32(wall % 1e9), now
}

// faultlineStand tells how the runtime stands: how often the scheduler has run somebody, the state of the cheap generator, and the size
// of the heap. Two runs that are the same are so in all of it.
//
//go:linkname faultlineStand syscall.faultlineStand
func faultlineStand() [3]uint64 {
	return [3]uint64{uint64(getg().m.p.ptr().schedtick), m0.cheaprand, gcController.heapLive.Load()}
}

package runtime

import _ "unsafe"

// faultlineJitter delays a goroutine before it takes a mutex, or before a system call: one of every so many times, by up to so many ns of
// virtual time. Other goroutines run meanwhile, and the process can die there: most orders of two threads that a real
// machine shows, and that goroutines which run until they wait never would, come out by it.
type faultlineJitter struct {
	one, most uint32
	state     uint64 // of a generator of its own: the runtime's draws stay what they are
}

// Where goroutines are delayed.
const (
	faultlineAtLock = iota
	faultlineAtCall
	faultlinePlaces
)

var faultlineJitters [faultlinePlaces]faultlineJitter

//go:linkname faultlineSetJitter syscall.faultlineSetJitter
func faultlineSetJitter(place int, one, most uint32) {
	faultlineJitters[place].one, faultlineJitters[place].most = one, most
}

// faultlineSeedJitter gives each place a generator.
func faultlineSeedJitter(seed uint64) {
	for place := range faultlineJitters {
		faultlineJitters[place].state = (seed + uint64(place)*0x9e3779b97f4a7c15) | 1
	}
}

func (j *faultlineJitter) draw(n uint32) uint32 {
	s := j.state
	s ^= s << 13
	s ^= s >> 7
	s ^= s << 17
	j.state = s
	return uint32(s>>32) % n
}

// wait delays a goroutine, if it is drawn.
func (j *faultlineJitter) wait(gp *g) {
	if j.one != 0 && faultlineMayWait(gp) && j.draw(j.one) == 0 {
		timeSleep(int64(j.draw(j.most)) + 1)
	}
}

// faultlineMayWait reports whether a goroutine is of a program, and may wait.
func faultlineMayWait(gp *g) bool {
	return gp.bubble != nil && gp != gp.bubble.root && gp.m.locks == 0 && (faultlineGuest || gp.faultlineHost != 0)
}

// What one goroutine may do before time goes on: so many mutexes taken while nobody else takes one make up a slice of time, in ns.
const (
	faultlineSliceLocks = 10_000
	faultlineSlice      = 1e6
)

// faultlineSpinner is who took the last mutexes.
var faultlineSpinner struct {
	goid  uint64
	now   int64
	locks int
}

// faultlineLock is called before a mutex is taken. It lets time pass for a goroutine that tries something again and again, as etcd does to
// publish a member that is behind. On a machine others run meanwhile; here nobody would, for ever.
//
//go:linkname faultlineLock internal/sync.faultlineLock
func faultlineLock() {
	gp := getg()
	if gp.bubble == nil || !faultlineGuest && gp.faultlineHost == 0 {
		return
	}
	faultlineJitters[faultlineAtLock].wait(gp)
	s := &faultlineSpinner
	if s.goid != gp.goid || s.now != gp.bubble.now {
		s.goid, s.now, s.locks = gp.goid, gp.bubble.now, 0
	}
	if s.locks++; s.locks >= faultlineSliceLocks && faultlineMayWait(gp) {
		timeSleep(faultlineSlice)
	}
}

//go:linkname faultlineDelay syscall.faultlineDelay
func faultlineDelay() { faultlineJitters[faultlineAtCall].wait(getg()) }

// faultlineSleep lets virtual time pass.
//
//go:linkname faultlineSleep syscall.faultlineSleep
func faultlineSleep(ns int64) { timeSleep(ns) }

package runtime

import _ "unsafe"

// faultlineJitter delays a goroutine before it takes a mutex: one of every so many times, by up to so many ns of virtual time.
// Other goroutines run meanwhile, and the process can die there: most orders of two threads that a real machine shows, and that
// goroutines which run until they wait never would, come out by it.
var faultlineJitter struct {
	one, most uint32
	state     uint64 // of a generator of its own: the runtime's draws stay what they are
}

//go:linkname faultlineSetJitter syscall.faultlineSetJitter
func faultlineSetJitter(one, most uint32) { faultlineJitter.one, faultlineJitter.most = one, most }

func faultlineDraw(n uint32) uint32 {
	s := faultlineJitter.state
	s ^= s << 13
	s ^= s >> 7
	s ^= s << 17
	faultlineJitter.state = s
	return uint32(s>>32) % n
}

//go:linkname faultlineLock internal/sync.faultlineLock
func faultlineLock() {
	if faultlineJitter.one == 0 {
		return
	}
	gp := getg()
	if gp.bubble == nil || gp == gp.bubble.root || gp.m.locks != 0 || !faultlineGuest && gp.faultlineHost == 0 {
		return
	}
	if faultlineDraw(faultlineJitter.one) == 0 {
		timeSleep(int64(faultlineDraw(faultlineJitter.most)) + 1)
	}
}

package runtime

// The runtime has its generators, and the cache of its stack walker, whose misses cost a draw, once for each thread. Which thread runs a
// goroutine does not follow from the seed: a goroutine that is bound to a thread hands its processor to whichever has parked last. So in a
// world whoever has the processor draws from the generators of the first thread. There is one processor, so no two
// threads draw at once. A thread without it, on its way to park, keeps to its own.

// faultlineChance is the thread whose generators and cache a thread uses.
//
//go:nosplit
func (mp *m) faultlineChance() *m {
	if faultlineSeeded && mp.p != 0 {
		return &m0
	}
	return mp
}

// faultlineReseed puts all that draws are made from into the state that follows from the seed.
func faultlineReseed(mp *m) {
	var seed [32]byte
	copy(seed[:], faultlineSeed[:])
	mp.chacha8.Init(seed)
	mp.cheaprand = 0
	for i, c := range faultlineSeed {
		mp.cheaprand ^= uint64(c) << (8 * (uint(i) % 8))
	}
	mp.pcvalueCache = pcvalueCache{}
}

// faultlineBeginBubble is called when a bubble begins in a program whose packages were initialized outside of it. How often they have
// drawn is no matter then, nor how often the scheduler has run somebody: a timer that one of them set may have expired meanwhile, at a
// real instant.
func faultlineBeginBubble() {
	getg().m.p.ptr().schedtick = 0
	faultlineBeginHeap()
	faultlineReseed(&m0)
}

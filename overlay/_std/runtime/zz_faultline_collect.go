package runtime

import (
	"internal/goarch"
	"internal/goexperiment"
	"internal/runtime/gc"
)

// The collector of a world begins where an allocation finds that enough has been allocated since the last time, and does all of its
// work before it returns: so when it works, what it frees, and in which order memory is used again, follow from what the program has
// done. There is one processor, and whoever runs has it: the world is stopped as it is. What else a collection of Go depends on is
// pinned as follows.
//
//   - No goroutine works in the background: marking and sweeping are done here, by one thread, and the scavenger is not woken. The
//     scheduler does not notice.
//   - Nobody is made to help with marking, as nothing is allocated meanwhile.
//   - To walk stacks draws from the generator of select, to evict the walker's cache: both are put back.
//   - Threads race each other at start-up, so where what was allocated then lies, and whether somebody still needs it, is left to
//     chance. All of it stays, none of it counts, and what it has left free is not used.
//   - Marking takes memory of the heap for its buffers, more or less of it: all pages are given back before the program goes on,
//     and it gets the lowest ones that are free.
//   - Finalizers and cleanups are not run. They would run on goroutines outside of the bubble, in real time, for a host that may be
//     dead; and no program may rely on them. Weak pointers to what was freed are nil, and what sync.Pool has not given
//     away between two collections is gone, as ever.
//   - How long it took is written down nowhere, where a program could read it.

// faultlineGrowth is how many bytes are allocated at least between two collections.
const faultlineGrowth = 48 << 20

var (
	faultlineBegin     uintptr // what start-up has allocated lies below
	faultlineAfterLast uint64  // the live heap after the last collection, as the runtime counts it
	faultlineKept      uint64  // bytes that the last collection has kept of what is above
)

// faultlineBeginHeap is called when start-up is over, and where the packages of a program are initialized outside of a bubble, once more
// when a bubble begins. None of the spans that were begun is used any more.
func faultlineBeginHeap() {
	faultlineFill(getg().m.p.ptr().mcache)
	for i := range mheap_.central {
		c, generation := &mheap_.central[i].mcentral, mheap_.sweepgen
		for s := c.partialSwept(generation).pop(); s != nil; s = c.partialSwept(generation).pop() {
			s.freeindex, s.freeIndexForScan, s.allocCount, s.allocCache = s.nelems, s.nelems, s.nelems, 0
			c.fullSwept(generation).push(s)
		}
	}
	for _, s := range mheap_.allspans {
		if s.state.get() != mSpanDead {
			faultlineBegin = max(faultlineBegin, s.base()+s.npages*pageSize)
		}
	}
	faultlineAfterLast = gcController.heapLive.Load()
}

// faultlineIsFull reports whether it is time to collect: the heap has doubled.
func faultlineIsFull() bool {
	return gcController.heapLive.Load()-faultlineAfterLast >= max(faultlineGrowth, faultlineKept)
}

// faultlineCollect takes the place of the concurrent collector. It does what gcStart, gcMarkDone and gcMarkTermination do, as far as
// there is a need for it.
func faultlineCollect() {
	gp, mp := getg(), acquirem()
	bubble := gp.bubble
	gp.bubble = nil // which does not take us for idle
	mp.preemptoff = "gcing"
	chance := mp.faultlineChance()
	cheaprand, walked := chance.cheaprand, chance.pcvalueCache
	systemstack(finishsweep_m) // of which nothing is left but to begin a new epoch
	clearpools()
	work.cycles.Add(1)
	memstats.numgc++
	systemstack(func() {
		casGToWaitingForSuspendG(gp, _Grunning, waitReasonGarbageCollection)
		pp := mp.p.ptr()
		faultlineMark(&pp.gcw)
		faultlineSweep(pp)
		casgstatus(gp, _Gwaiting, _Grunning)
	})
	faultlineAfterLast = gcController.heapLive.Load()
	chance.cheaprand, chance.pcvalueCache = cheaprand, walked
	mp.preemptoff = ""
	gp.bubble = bubble
	releasem(mp)
}

// faultlineMark marks all that can be reached.
func faultlineMark(gcw *gcWork) {
	if goexperiment.GreenTeaGC && gcw.ptrBuf == nil {
		gcw.ptrBuf = (*[gc.PageSize / goarch.PtrSize]uintptr)(persistentalloc(gc.PageSize, goarch.PtrSize, &memstats.gcMiscSys))
	}
	gcResetMarkState()
	gcController.heapScanWork.Store(0)
	gcController.stackScanWork.Store(0)
	gcController.globalsScanWork.Store(0)
	setGCPhase(_GCmark)
	gcBgMarkPrepare()
	gcPrepareMarkRoots()
	gcMarkTinyAllocs()
	gcDrain(gcw, 0)
	gcw.dispose()
	gcw.flushedWork = false
	setGCPhase(_GCmarktermination)
	gcMark(0)
	setGCPhase(_GCoff)
}

// faultlineSweep frees what is not marked.
func faultlineSweep(pp *p) {
	faultlineKept = 0
	gcSweep(gcForceBlockMode)
	freeStackSpans()
	pp.pinnerCache = nil
	lock(&mheap_.lock)
	pp.pcache.flush(&mheap_.pages)
	unlock(&mheap_.lock)
}

// faultlineKeep is called before a span is swept. In one of start-up all that was allocated counts as marked.
func faultlineKeep(s *mspan) {
	if s.base() >= faultlineBegin {
		faultlineKept += uint64(s.countAlloc()) * uint64(s.elemsize)
		return
	}
	for i := range uintptr(s.nelems) {
		if !s.isFree(i) {
			bits, mask := s.gcmarkBits.bitp(i)
			*bits |= mask
		}
	}
}

// faultlineGone reports whether a goroutine never runs again. What only its stack refers to is garbage then. Whoever may still write to
// that stack, as the other end of a channel does, finds it there.
func faultlineGone(gp *g) bool {
	if gp.faultlineHost == 0 || faultlineHosts[gp.faultlineHost].state != faultlineDead {
		return false
	}
	running := gp == getg().m.curg || gp.lockedm != 0 || readgstatus(gp)&^_Gscan == _Gsyscall // it ends when the scheduler sees it
	return !running
}

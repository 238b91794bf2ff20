package runtime

import (
	"internal/goarch"
	"internal/runtime/gc"
	"unsafe"
)

// What happens before main depends on threads that race each other: who allocates first, how many threads there are, and how
// often the generators were asked. All of it is brought to one state before the first package of the program is initialized.
// Otherwise an object has one address or another, which shows in the order of a map that is keyed by pointers.

const (
	faultlineThreads = 8        // more than any start-up makes
	faultlineStack   = 16 << 10 // bytes that a goroutine starts with: few grow, and to grow costs draws
)

func faultlineSettle() {
	MemProfileRate = 0
	faultlineMuster()
	startingStackSize = faultlineStack
	for mp := allm; mp != nil; mp = mp.alllink {
		faultlineReseed(mp)
	}
	getg().m.p.ptr().schedtick = 0
	faultlineBeginHeap()
	faultlineSeedJitter(m0.cheaprand)
}

// faultlineMuster has threads made until there are enough: later none is.
func faultlineMuster() {
	ready, release, done := make(chan bool), make(chan bool), make(chan bool)
	for range faultlineThreads {
		go func() {
			LockOSThread()
			ready <- true
			<-release
			UnlockOSThread()
			done <- true
		}()
	}
	for range faultlineThreads {
		<-ready
	}
	close(release)
	for range faultlineThreads {
		<-done
	}
}

// faultlineFill allocates what is left of each span that start-up has begun, so that the program begins with fresh ones.
func faultlineFill(c *mcache) {
	var example any = new(*byte)
	pointer := (*ptrtype)(unsafe.Pointer(efaceOf(&example)._type)).Elem
	for i := range c.alloc {
		class := spanClass(i)
		size := uintptr(gc.SizeClassToSize[class.sizeclass()])
		if size == 0 || class.noscan() && size < maxTinySize { // large, or the tiny allocator's
			continue
		}
		for s := c.alloc[i]; s != &emptymspan && s.allocCount < s.nelems; {
			if class.noscan() {
				mallocgc(min(size, maxSmallSize-gc.MallocHeaderSize), nil, false)
				continue
			}
			if !heapBitsInSpan(size) {
				size = uintptr(gc.SizeClassToSize[class.sizeclass()]) - gc.MallocHeaderSize
			}
			newarray(pointer, int(size/goarch.PtrSize))
		}
	}
	c.tiny, c.tinyoffset = 0, 0
}

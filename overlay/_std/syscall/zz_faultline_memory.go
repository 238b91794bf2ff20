package syscall

import (
	"internal/runtime/syscall/linux"
	"sync/atomic"
	"unsafe"
)

// faultlineMemory is what a guest shares with its world. Either of them runs only while it is its turn. Package
// faultline/cluster/guest has the same.
type faultlineMemory struct {
	turn   atomic.Uint32    // whose it is
	asleep [2]atomic.Uint32 // which side waits in the kernel, or is about to
	length [2]uint32        // bytes that there are to hear
	bytes  [2][64 << 10]byte
}

const (
	faultlineTheGuest, faultlineToGuest = 0, 0
	faultlineTheWorld, faultlineToWorld = 1, 1
)

// faultlineMemoryAt is the descriptor of the memory, until that is mapped.
const faultlineMemoryAt = 3

// faultlineMapMemory maps the memory. A guest that gets none cannot say so: its world sees it end.
func faultlineMapMemory() *faultlineMemory {
	size := unsafe.Sizeof(faultlineMemory{})
	at, _, err := linux.Syscall6(SYS_MMAP, 0, size, PROT_READ|PROT_WRITE, MAP_SHARED, faultlineMemoryAt, 0)
	if err != 0 {
		Exit(1)
	}
	_, _, _ = linux.Syscall6(SYS_CLOSE, faultlineMemoryAt, 0, 0, 0, 0, 0)
	return (*faultlineMemory)(unsafe.Pointer(at))
}

// give ends the guest's turn, in which it has said so many bytes.
func (m *faultlineMemory) give(said int) {
	m.length[faultlineToWorld] = uint32(said)
	m.turn.Store(faultlineTheWorld)
	if m.asleep[faultlineTheWorld].Load() != 0 {
		const wake = 1
		_, _, _ = linux.Syscall6(SYS_FUTEX, uintptr(unsafe.Pointer(&m.turn)), wake, 1, 0, 0, 0)
	}
}

// await waits for the guest's turn, and returns what there is to hear. The scheduler is not told that this takes time: there is nobody
// else to run.
func (m *faultlineMemory) await() []byte {
	for m.turn.Load() != faultlineTheGuest {
		m.asleep[faultlineTheGuest].Store(1)
		const wait = 0
		_, _, _ = linux.Syscall6(SYS_FUTEX, uintptr(unsafe.Pointer(&m.turn)), wait, faultlineTheWorld, 0, 0, 0)
		m.asleep[faultlineTheGuest].Store(0)
	}
	return m.bytes[faultlineToGuest][:m.length[faultlineToGuest]]
}

//go:build !faultline_overlay

package settle

import (
	"runtime"
	"strings"
	"unsafe"
)

// makeRoom has the heap take as much memory as a world allocates before its first collection, and asks the system for huge pages there, so that what
// is used of it is faulted in 2 MiB at a time. Nothing of it is touched, and the collection in growStacks frees it. That must follow: what was in use
// before a collection is not given back.
//
//go:noinline
func makeRoom() {
	const (
		room   = 128 << 20 // as the pace of collections
		huge   = 2 << 20
		advice = 14 // MADV_HUGEPAGE
	)
	var call uintptr // that of madvise
	switch runtime.GOOS + "/" + runtime.GOARCH {
	case "linux/amd64":
		call = 28
	case "linux/arm64":
		call = 233
	default:
		return
	}
	var garbage strings.Builder // whose memory is not cleared
	garbage.Grow(room)
	garbage.WriteByte(0)
	begin := uintptr(unsafe.Pointer(unsafe.StringData(garbage.String())))
	first, end := (begin+huge-1)&^(huge-1), (begin+room)&^(huge-1)
	rawSyscall(call, first, end-first, advice) // if it fails the pages are small
}

// rawSyscall is linked, as importing syscall would have more packages initialized before this one.
//
//go:linkname rawSyscall syscall.RawSyscall
func rawSyscall(call, a, b, c uintptr) (r1, r2, errno uintptr)

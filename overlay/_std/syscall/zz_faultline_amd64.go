package syscall

import _ "unsafe"

// The numbers of calls that package syscall does not name.
const (
	faultlinePwritev    = 296
	faultlineRenameat2  = 316
	faultlineCopyRange  = 326
	faultlineIoUring    = 425
	faultlineFaccessat2 = 439
	faultlineStatxTrap  = 332
	faultlineFstatat    = SYS_NEWFSTATAT
	faultlineGetrandom  = 318
	faultlineExecveat   = 322
	faultlinePidfdOpen  = 434
)

// Calls that others have taken the place of.
var (
	faultlinePolls   = []uintptr{SYS_EPOLL_CREATE, SYS_SELECT, SYS_POLL}
	faultlinePipes   = []uintptr{SYS_PIPE}
	faultlineWatches = []uintptr{SYS_INOTIFY_INIT}
	faultlineEvents  = []uintptr{SYS_EVENTFD}
)

// gettimeofday is no system call here, but a function of the kernel's in the process.
//
//go:linkname gettimeofday
func gettimeofday(tv *Timeval) (err Errno) {
	if FaultlineGuest {
		*tv = faultlineTimeval()
		return 0
	}
	return faultlineRealTimeOfDay(tv)
}

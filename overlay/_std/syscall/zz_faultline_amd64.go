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
	faultlineOpenat2    = 437
	faultlinePwritev2   = 328
	faultlineSyncfs     = 306
)

// Calls that others have taken the place of.
var (
	faultlinePolls   = []uintptr{SYS_EPOLL_CREATE, SYS_SELECT, SYS_POLL}
	faultlinePipes   = []uintptr{SYS_PIPE}
	faultlineWatches = []uintptr{SYS_INOTIFY_INIT}
	faultlineEvents  = []uintptr{SYS_EVENTFD}
)

// faultlineOldNames are calls that take names and nothing that these are relative to. Package syscall does not make them, but others do:
// modernc.org/libc, which SQLite in Go stands on, removes files so.
var faultlineOldNames = []uintptr{SYS_OPEN, SYS_CREAT, SYS_UNLINK, SYS_RMDIR, SYS_MKDIR, SYS_RENAME, SYS_LINK, SYS_SYMLINK,
	SYS_STAT, SYS_LSTAT, SYS_ACCESS, SYS_READLINK, SYS_CHMOD}

// faultlineRelative is the call that has taken the place of one of faultlineOldNames, with its arguments. The fifth is 0.
//
//go:uintptrkeepalive
//go:nosplit
func faultlineRelative(old, a1, a2, a3 uintptr) (trap, r1, r2, r3, r4 uintptr) {
	const (
		here      = ^uintptr(99) // AT_FDCWD
		removeDir = 0x200
		noFollow  = 0x100
	)
	switch old {
	case SYS_OPEN:
		return SYS_OPENAT, here, a1, a2, a3
	case SYS_CREAT:
		return SYS_OPENAT, here, a1, O_CREAT | O_WRONLY | O_TRUNC, a2
	case SYS_UNLINK:
		return SYS_UNLINKAT, here, a1, 0, 0
	case SYS_RMDIR:
		return SYS_UNLINKAT, here, a1, removeDir, 0
	case SYS_MKDIR:
		return SYS_MKDIRAT, here, a1, a2, 0
	case SYS_RENAME:
		return SYS_RENAMEAT, here, a1, here, a2
	case SYS_LINK:
		return SYS_LINKAT, here, a1, here, a2
	case SYS_SYMLINK:
		return SYS_SYMLINKAT, a1, here, a2, 0
	case SYS_STAT:
		return faultlineFstatat, here, a1, a2, 0
	case SYS_LSTAT:
		return faultlineFstatat, here, a1, a2, noFollow
	case SYS_ACCESS:
		return SYS_FACCESSAT, here, a1, a2, 0
	case SYS_READLINK:
		return SYS_READLINKAT, here, a1, a2, a3
	default:
		return SYS_FCHMODAT, here, a1, a2, 0
	}
}

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

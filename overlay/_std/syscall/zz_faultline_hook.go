package syscall

import "unsafe"

// Each system call that changes a file, tells the time or belongs to a virtual socket is done here. They all pass
// Syscall and Syscall6, those of golang.org/x/sys/unix included.
//
// Arguments that are pointers arrive as numbers. What is called from here may grow the stack, and the collector's map of the stack
// knows no numbers: so they become pointers again before anything else happens, in the frames of Syscall itself.

// How the arguments of a call are told apart.
const (
	faultlineOther   = iota // the kernel's
	faultlineNumbers        // no pointers
	faultlineSecond         // a pointer is the second
	faultlineThird          // pointers are the second and the third
	faultlineNames          // pointers are the second and the fourth
	faultlineFirst          // a pointer is the first
	faultlineLink           // pointers are the first and the second, or the third
	faultlineStatx          // pointers are the second and the fifth
	faultlineSocket         // of a socket, if the descriptor is virtual
	faultlineRefused        // there is no such thing in a world
	faultlineOld            // those of the call that has taken its place
)

// faultlineShape tells how the arguments of each call are to be taken; nothing is there while no hook is.
var faultlineShape [512]uint8

// FaultlineHookSockets has those calls come here that name virtual sockets.
func FaultlineHookSockets() {
	for _, trap := range []uintptr{SYS_SETSOCKOPT, SYS_GETSOCKOPT, SYS_SHUTDOWN, SYS_IOCTL, SYS_GETSOCKNAME, SYS_GETPEERNAME} {
		faultlineShape[trap] = faultlineSocket
	}
	faultlineShape[SYS_READ] = faultlineSecond
}

// faultlineHook has all calls come here that a guest may not make by itself.
func faultlineHook() {
	FaultlineHookSockets()
	for _, trap := range []uintptr{SYS_FSYNC, SYS_FDATASYNC, SYS_FTRUNCATE, SYS_FALLOCATE, SYS_CLOSE, SYS_MMAP, SYS_MSYNC, SYS_MUNMAP, SYS_SYNC,
		faultlineSyncfs, SYS_SYNC_FILE_RANGE, SYS_FLOCK, SYS_DUP, SYS_DUP3, SYS_FCNTL, SYS_GETPID} {
		faultlineShape[trap] = faultlineNumbers
	}
	for _, trap := range []uintptr{SYS_WRITE, SYS_PWRITE64, SYS_OPENAT, SYS_UNLINKAT, SYS_MKDIRAT, SYS_WRITEV, faultlinePwritev,
		SYS_CLOCK_GETTIME, SYS_FSTAT, SYS_FSTATFS, SYS_FACCESSAT, faultlineFaccessat2, SYS_FCHMODAT, SYS_FCHOWNAT, SYS_MKNODAT} {
		faultlineShape[trap] = faultlineSecond
	}
	for _, trap := range []uintptr{faultlineFstatat, SYS_READLINKAT, SYS_UTIMENSAT} {
		faultlineShape[trap] = faultlineThird
	}
	for _, trap := range []uintptr{SYS_RENAMEAT, faultlineRenameat2, SYS_LINKAT} {
		faultlineShape[trap] = faultlineNames
	}
	for _, trap := range []uintptr{SYS_TRUNCATE, SYS_CHDIR, SYS_GETCWD, faultlineGetrandom} {
		faultlineShape[trap] = faultlineFirst
	}
	for _, trap := range faultlineOldNames {
		faultlineShape[trap] = faultlineOld
	}
	faultlineShape[SYS_SYMLINKAT] = faultlineLink
	faultlineShape[faultlineStatxTrap] = faultlineStatx
	faultlineShape[SYS_STATFS] = faultlineLink
	faultlineHookRefusals()
}

// faultlineKernel has the kernel do it.
//
//go:uintptrkeepalive
//go:nosplit
func faultlineKernel(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	runtime_entersyscall()
	r1, r2, err = RawSyscall6(trap, a1, a2, a3, a4, a5, a6)
	runtime_exitsyscall()
	return
}

// faultlineCall does a call whose shape is not faultlineOther.
//
//go:uintptrkeepalive
//go:nosplit
func faultlineCall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	if faultlineShape[trap] == faultlineOld {
		trap, a1, a2, a3, a4 = faultlineRelative(trap, a1, a2, a3)
		a5 = 0
	}
	switch faultlineShape[trap] {
	case faultlineNumbers:
		switch {
		case trap != SYS_FCNTL || a2 == F_DUPFD || a2 == F_DUPFD_CLOEXEC:
		case a2 == F_SETLKW || a2 == faultlineOfdWait:
			return faultlineLockRange(a1, a2-1, *(*Flock_t)(unsafe.Pointer(a3)))
		default: // the third may be a pointer
			return faultlineKernel(trap, a1, a2, a3, a4, a5, a6)
		}
		return faultlineOnNumbers(trap, a1, a2, a3, a4, a5, a6)
	case faultlineSecond:
		return faultlineOnSecond(trap, a1, unsafe.Pointer(a2), a3, a4, a5, a6)
	case faultlineThird:
		return faultlineOnThird(trap, a1, unsafe.Pointer(a2), unsafe.Pointer(a3), a4)
	case faultlineStatx:
		return faultlineOnStatx(trap, a1, unsafe.Pointer(a2), a3, a4, unsafe.Pointer(a5))
	case faultlineLink:
		if faultlineHere() == nil {
			break
		}
		if trap == SYS_STATFS {
			return faultlineStatfs((*Statfs_t)(unsafe.Pointer(a2)))
		}
		return faultlineRefuseLink()
	case faultlineNames:
		return faultlineOnNames(trap, a1, unsafe.Pointer(a2), a3, unsafe.Pointer(a4), a5)
	case faultlineFirst:
		return faultlineOnFirst(trap, unsafe.Pointer(a1), a2, a3)
	case faultlineSocket:
		if a1 >= FaultlineRaw && a1 < 1<<32 {
			value := uint32(0)
			if trap == SYS_SETSOCKOPT && a5 >= 4 {
				value = *(*uint32)(unsafe.Pointer(a4))
			}
			return faultlineOnSocket(trap, a1, a2, a3, value)
		}
	case faultlineRefused:
		if faultlineHere() == nil {
			break
		}
		if trap == SYS_SOCKET && a1 == AF_UNIX { // of those who look for a daemon that logs
			return ^uintptr(0), 0, EAFNOSUPPORT
		}
		return ^uintptr(0), 0, faultlineRefuse(trap)
	}
	return faultlineKernel(trap, a1, a2, a3, a4, a5, a6)
}

// FaultlineShutdown closes directions of a virtual socket.
var FaultlineShutdown func(fd, how int) error

// FaultlineOption takes an option of a virtual socket.
var FaultlineOption func(fd, level, name int, value uint32)

func faultlineOnSocket(trap, fd, a2, a3 uintptr, value uint32) (r1, r2 uintptr, err Errno) {
	switch trap {
	case SYS_SHUTDOWN:
		if e := FaultlineShutdown(int(fd), int(a2)); e != nil {
			if errno, ok := e.(Errno); ok {
				return ^uintptr(0), 0, errno
			}
			return ^uintptr(0), 0, ENOTCONN
		}
	case SYS_SETSOCKOPT:
		if FaultlineOption != nil {
			FaultlineOption(int(fd), int(a2), int(a3), value)
		}
	case SYS_GETSOCKOPT, SYS_IOCTL, SYS_GETSOCKNAME, SYS_GETPEERNAME:
		return ^uintptr(0), 0, ENOPROTOOPT
	}
	return 0, 0, 0
}

// FaultlineRead reads from a virtual socket, and waits.
var FaultlineRead func(fd int, p []byte) (n int, err error)

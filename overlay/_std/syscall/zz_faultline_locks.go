package syscall

import "unsafe"

// Locks of files. Whoever waits for one in the kernel keeps the world from going on, and with it the one who has the lock. So a
// lock is tried, and tried again when some virtual time has passed.

const (
	faultlineOfdWait   = 38        // F_OFD_SETLKW; the number before it, as before F_SETLKW, does not wait
	faultlineLockPause = 1_000_000 // ns
)

// faultlineSleep lets virtual time pass.
func faultlineSleep(ns int64)

// faultlineLockRange locks a range of a file, by a command that does not wait.
func faultlineLockRange(fd, command uintptr, lock Flock_t) (r1, r2 uintptr, err Errno) {
	for {
		r1, r2, err = faultlineKernel(SYS_FCNTL, fd, command, uintptr(unsafe.Pointer(&lock)), 0, 0, 0)
		if err != EAGAIN && err != EACCES {
			return r1, r2, err
		}
		faultlineSleep(faultlineLockPause)
	}
}

// faultlineLockWhole locks a file as flock does.
func faultlineLockWhole(fd, how uintptr) (r1, r2 uintptr, err Errno) {
	for {
		r1, r2, err = faultlineKernel(SYS_FLOCK, fd, how|LOCK_NB, 0, 0, 0, 0)
		if err != EWOULDBLOCK || how&LOCK_NB != 0 {
			return r1, r2, err
		}
		faultlineSleep(faultlineLockPause)
	}
}

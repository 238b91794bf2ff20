package syscall

import "unsafe"

// faultlineDone is what a call returns that has succeeded.
func faultlineDone(n int) (r1, r2 uintptr, err Errno) { return uintptr(n), 0, 0 }

// faultlineFailed is what a call returns that has not.
func faultlineFailed(e Errno) (r1, r2 uintptr, err Errno) { return ^uintptr(0), 0, e }

// faultlineString copies a string that ends with a zero.
func faultlineString(p unsafe.Pointer) string {
	n := 0
	for *(*byte)(unsafe.Add(p, n)) != 0 {
		n++
	}
	return string(unsafe.Slice((*byte)(p), n))
}

func faultlineOnNumbers(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	fd := int(a1)
	switch trap {
	case SYS_GETPID:
		if faultlineHere() != nil {
			return faultlineDone(faultlinePid)
		}
	case SYS_FLOCK:
		return faultlineLockWhole(a1, a2)
	case SYS_FSYNC, SYS_FDATASYNC:
		if f := faultlineFiles[fd]; f != nil {
			return faultlineSync(f)
		}
	case SYS_SYNC_FILE_RANGE:
		if faultlineFiles[fd] != nil { // starts to write back, and promises nothing
			return faultlineDone(0)
		}
	case SYS_SYNC, faultlineSyncfs:
		if m := faultlineHere(); m != nil {
			r1, r2, err = m.await('S', 0, nil)
			if trap == SYS_SYNC { // which cannot fail
				return faultlineDone(0)
			}
			return r1, r2, err
		}
	case SYS_CLOSE:
		if f := faultlineFiles[fd]; f != nil {
			faultlineClosed(fd, f)
		}
	case SYS_FTRUNCATE, SYS_FALLOCATE:
		if f := faultlineFiles[fd]; f != nil {
			return faultlineResize(f, trap, a1, a2, a3, a4)
		}
	case SYS_MMAP:
		if f := faultlineFiles[int(a5)]; f != nil {
			r1, r2, err = faultlineKernel(trap, a1, a2, a3, a4, a5, a6)
			if err == 0 {
				faultlineMapped(faultlineMapping{r1, a2, a6, f, a3&PROT_WRITE != 0 && a4&MAP_SHARED != 0})
			}
			return r1, r2, err
		}
	case SYS_MUNMAP:
		faultlineUnmapped(a1)
	case SYS_MSYNC:
		return faultlineSyncMapped(a1, a2)
	case SYS_DUP, SYS_DUP3, SYS_FCNTL:
		r1, r2, err = faultlineKernel(trap, a1, a2, a3, a4, a5, a6)
		if f := faultlineFiles[fd]; f != nil && err == 0 {
			f.open++
			f.has(int(r1))
		}
		return r1, r2, err
	}
	return faultlineKernel(trap, a1, a2, a3, a4, a5, a6)
}

func faultlineOnSecond(trap, a1 uintptr, p unsafe.Pointer, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	fd := int(a1)
	switch trap {
	case SYS_READ:
		if a1 >= FaultlineRaw && a1 < 1<<32 {
			n, e := FaultlineRead(fd, unsafe.Slice((*byte)(p), int(a3)))
			if errno, ok := e.(Errno); ok {
				return faultlineFailed(errno)
			}
			return faultlineDone(n)
		}
	case SYS_WRITE, SYS_PWRITE64:
		if fd == Stdout || fd == Stderr {
			if m := faultlineHere(); m != nil && m.output {
				m.say('O', uint32(fd), 0, unsafe.Slice((*byte)(p), int(a3)))
				return faultlineDone(int(a3))
			}
		}
		if f := faultlineFiles[fd]; f != nil {
			return faultlineStore(f, trap, a1, p, a3, a4)
		}
	case SYS_WRITEV, faultlinePwritev:
		if f := faultlineFiles[fd]; f != nil {
			return faultlineStoreVector(f, trap, a1, p, a3, a4)
		}
	case SYS_FSTAT:
		return faultlineStat(trap, a1, nil, p, 0)
	}
	m := faultlineHere()
	if m == nil {
		return faultlineKernel(trap, a1, uintptr(p), a3, a4, a5, a6)
	}
	switch trap {
	case SYS_OPENAT:
		return m.open(int(int32(a1)), p, int(a3), a4)
	case SYS_UNLINKAT:
		return m.unlink(trap, a1, p, a3)
	case SYS_MKDIRAT:
		return m.mkdir(trap, a1, p, a3)
	case SYS_CLOCK_GETTIME:
		*(*Timespec)(p) = faultlineTime(a1)
		return faultlineDone(0)
	case SYS_FSTATFS:
		return faultlineStatfs((*Statfs_t)(p))
	case SYS_FACCESSAT, faultlineFaccessat2, SYS_FCHMODAT, SYS_FCHOWNAT, SYS_MKNODAT:
		p = m.path(int(int32(a1)), p)
	}
	return faultlineKernel(trap, a1, uintptr(p), a3, a4, a5, a6)
}

// faultlinePid is the number of the guest's process, as in a container.
const faultlinePid = 1

//go:linkname faultlineRand runtime.rand
func faultlineRand() uint64

// faultlineStatfs is a file system whose free space is the same everywhere.
func faultlineStatfs(buf *Statfs_t) (r1, r2 uintptr, err Errno) {
	*buf = Statfs_t{Type: 0xef53, Bsize: 4096, Blocks: 1 << 24, Bfree: 1 << 23, Bavail: 1 << 23, Files: 1 << 22, Ffree: 1 << 21, Namelen: 255, Frsize: 4096}
	return 0, 0, 0
}

// faultlineClock is the time of the bubble, with the error of the wall clock.
func faultlineClock() (sec int64, nsec int32, mono int64)

func faultlineTimeval() Timeval {
	now := faultlineTime(0)
	return Timeval{Sec: now.Sec, Usec: now.Nsec / 1000}
}

func faultlineTime(clock uintptr) Timespec {
	sec, nsec, mono := faultlineClock()
	const monotonic, raw, coarse, boot = 1, 4, 6, 7
	switch clock {
	case monotonic, raw, coarse, boot:
		return Timespec{Sec: mono / 1e9, Nsec: mono % 1e9}
	}
	return Timespec{Sec: sec, Nsec: int64(nsec)}
}
